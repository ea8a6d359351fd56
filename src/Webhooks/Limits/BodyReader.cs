using Microsoft.AspNetCore.Http;

namespace Webhooks.Limits;

/// <summary>Receives a body: not too large, not too slow, and not too many at once.</summary>
internal sealed class BodyReader(WebhookOptions options, TimeProvider clock)
{
    private readonly ByteBudget _budget = new(options.BufferLimit);

    /// <summary>Bytes held just now.</summary>
    public long Held => _budget.Held;

    /// <summary>A body to fill, which the caller gives back.</summary>
    public Body Borrow() => new(options.BodyLimit, _budget);

    /// <summary>Fills the body. Null when it is complete.</summary>
    public async Task<WebhookOutcome?> FillAsync(Body body, HttpContext context)
    {
        if (context.Request.ContentLength > options.BodyLimit)
        {
            return WebhookOutcome.TooLarge;
        }

        using var deadline = new CancellationTokenSource(options.ReadTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            return await FillAsync(body, context.Request, either.Token);
        }
        catch (OperationCanceledException)
        {
            return deadline.IsCancellationRequested ? WebhookOutcome.TooSlow : WebhookOutcome.Disconnected;
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => WebhookOutcome.TooLarge,
                StatusCodes.Status408RequestTimeout => WebhookOutcome.TooSlow,
                _ => WebhookOutcome.Nonsense,
            };
        }
        catch (IOException)
        {
            return WebhookOutcome.Disconnected;
        }
    }

    private static async Task<WebhookOutcome?> FillAsync(Body body, HttpRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            var refusal = body.Append(read.Buffer);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (refusal is not null || read.IsCompleted)
            {
                return refusal;
            }
        }
    }
}
