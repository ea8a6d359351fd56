using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Webhooks.Limits;
using Webhooks.Payloads;
using Webhooks.Providers;

namespace Webhooks;

/// <summary>
/// Hears deliveries. Each request is judged in this order, the cheap before the dear and nothing parsed before it is proven genuine: method,
/// rates, size and time of the body, signature, delivery id, content, room in the queue. <see cref="RunAsync"/> tells the listener.
/// </summary>
public sealed partial class WebhookReceiver
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SavePause = TimeSpan.FromSeconds(1);
    private readonly WebhookPorts _ports;
    private readonly ILogger _logger;
    private readonly Forge _forge;
    private readonly RateLimits _rates;
    private readonly BodyReader _bodies;
    private readonly Inbox _inbox;
    private readonly StatusBoard _board;
    private readonly Dictionary<WebhookOutcome, OncePerMinute> _paces;
    private readonly OncePerMinute _storePace;

    /// <summary>Makes a receiver, which remembers what was saved.</summary>
    /// <exception cref="ArgumentException">The options cannot work; the message names each problem.</exception>
    public WebhookReceiver(WebhookOptions options, WebhookPorts ports)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ports);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        Options = options;
        _ports = ports;
        _logger = ports.Loggers.CreateLogger<WebhookReceiver>();
        _forge = Forge.Of(options.Provider, options.TimestampTolerance);
        _rates = new RateLimits(options, ports.Clock);
        _bodies = new BodyReader(options, ports.Clock);
        _board = new StatusBoard(ports.Clock.GetUtcNow());
        _paces = Enum.GetValues<WebhookOutcome>().ToDictionary(outcome => outcome, _ => new OncePerMinute(ports.Clock));
        _storePace = new OncePerMinute(ports.Clock);
        _inbox = new Inbox(options.QueueSize, new DeliveryMemory(options.RememberedDeliveries, Load()));
    }

    /// <summary>How it behaves.</summary>
    public WebhookOptions Options { get; }

    /// <summary>What there is to say just now.</summary>
    public WebhookStatus Status => _board.Read();

    /// <summary>Bytes of bodies held just now.</summary>
    internal long HeldBytes => _bodies.Held;

    /// <summary>Answers one request. Does not throw.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var source = Source.Of(context, Options.TrustForwardedFor);
        WebhookAnswer answer;
        try
        {
            answer = await JudgeAsync(context, source);
        }
        catch (Exception e)
        {
            // The rim: a bug here must not end the daemon, nor show its inside to the sender.
            answer = new WebhookAnswer(WebhookOutcome.Broken);
            TellBroken(e);
        }

        _board.Count(answer.Outcome);
        TellRefusal(answer, source);
        await WriteAsync(context, answer);
    }

    /// <summary>
    /// Tells the listener what was heard, and saves which deliveries that were, at most once a second, until cancelled; then saves once more.
    /// Hints that still wait are dropped: who starts looks anyway.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(TellAsync(cancellationToken), SaveAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Save();
        }
    }

    private async Task<WebhookAnswer> JudgeAsync(HttpContext context, Source source)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return new WebhookAnswer(WebhookOutcome.WrongMethod);
        }

        if (_rates.Charge(source) is { } tooFast)
        {
            return tooFast;
        }

        using var body = _bodies.Borrow();
        var refusal = await _bodies.FillAsync(body, context);
        var outcome = refusal ?? Judge(context.Request, body.Bytes.Span);
        return new WebhookAnswer(outcome, new WebhookAnswer(outcome).Status is StatusCodes.Status503ServiceUnavailable ? RetryAfter : null);
    }

    private WebhookOutcome Judge(HttpRequest request, Span<byte> body)
    {
        var delivery = new Delivery(request.Headers, body);
        if (RefusalOf(Verify(delivery)) is { } refusal)
        {
            return refusal;
        }

        if (_forge.DeliveryId(delivery) is not { } id)
        {
            return WebhookOutcome.NoDeliveryId;
        }

        var fingerprint = DeliveryMemory.Fingerprint(id);
        if (_inbox.Knows(fingerprint))
        {
            return WebhookOutcome.AlreadyHeard;
        }

        var name = _forge.EventName(delivery);
        return _forge.Read(name, request.ContentType, body) switch
        {
            Reading.Heard heard => Put(heard.Hint, fingerprint, new HeardDelivery(_ports.Clock.GetUtcNow(), name ?? "", id)),
            Reading.Unneeded => WebhookOutcome.Ignored,
            _ => WebhookOutcome.Nonsense,
        };
    }

    private SignatureVerdict Verify(Delivery delivery)
    {
        var secrets = _ports.Secrets.Read();
        try
        {
            // Nobody may turn the check off with a secret of no characters: it could be computed by anybody.
            return _forge.Verify(delivery, [.. secrets.Where(secret => secret.Length > 0)], _ports.Clock.GetUtcNow());
        }
        finally
        {
            foreach (var secret in secrets)
            {
                CryptographicOperations.ZeroMemory(secret);
            }
        }
    }

    private WebhookOutcome Put(Hint hint, UInt128 fingerprint, HeardDelivery delivery)
    {
        var outcome = _inbox.Put(fingerprint, hint);
        if (outcome is WebhookOutcome.Accepted)
        {
            _board.Heard(delivery, hint is Hint.Ping);
            LogHeard(delivery.Event, delivery.Delivery);
        }

        return outcome;
    }

    private static WebhookOutcome? RefusalOf(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Genuine => null,
        SignatureVerdict.NoSecret => WebhookOutcome.NoSecret,
        SignatureVerdict.Missing => WebhookOutcome.SignatureMissing,
        SignatureVerdict.Stale => WebhookOutcome.Stale,
        _ => WebhookOutcome.SignatureWrong,
    };

    private static async Task WriteAsync(HttpContext context, WebhookAnswer answer)
    {
        if (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            return;
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = "text/plain; charset=utf-8";
        WriteHeaders(response, answer);
        try
        {
            await response.WriteAsync(answer.Text + "\n", context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Gone before it was answered; that is its own affair.
            context.Abort();
        }
    }

    private static void WriteHeaders(HttpResponse response, WebhookAnswer answer)
    {
        if (answer.Outcome is WebhookOutcome.WrongMethod)
        {
            response.Headers.Allow = HttpMethods.Post;
        }

        if (answer.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = $"{Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))}";
        }

        // What is left of the body would have to be read before the connection could be used again.
        if (answer.Outcome is WebhookOutcome.TooLarge or WebhookOutcome.TooSlow or WebhookOutcome.Busy or WebhookOutcome.Nonsense)
        {
            response.Headers.Connection = "close";
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await foreach (var hint in _inbox.Hints.ReadAllAsync(cancellationToken))
        {
            try
            {
                hint.Tell(_ports.Listener);
            }
            catch (Exception e)
            {
                // A listener that breaks its word must not make the endpoint deaf.
                TellBroken(e);
            }
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _inbox.Changed.ReadAllAsync(cancellationToken))
        {
            Save();
            await Task.Delay(SavePause, _ports.Clock, cancellationToken);
        }
    }

    private void Save()
    {
        try
        {
            _ports.Deliveries.Save(_inbox.Remembered);
        }
        catch (IOException e)
        {
            TellStore(e);
        }
        catch (Exception e)
        {
            // A store that breaks its word must not end the saving for good.
            TellBroken(e);
        }
    }

    private IReadOnlyList<UInt128> Load()
    {
        try
        {
            return _ports.Deliveries.Load();
        }
        catch (IOException e)
        {
            TellStore(e);
            return [];
        }
    }

    private void TellStore(IOException trouble)
    {
        if (_storePace.MayTell(out var count))
        {
            LogStore(trouble.Message, count);
        }
    }

    private void TellBroken(Exception bug)
    {
        if (_paces[WebhookOutcome.Broken].MayTell(out var count))
        {
            LogBroken(bug, count);
        }
    }

    private void TellRefusal(WebhookAnswer answer, Source source)
    {
        if (answer.IsRefusal && answer.Outcome is not WebhookOutcome.Broken && _paces[answer.Outcome].MayTell(out var count))
        {
            LogRefused(answer.Outcome, answer.Status, answer.Text, source.ToString(), count);
        }
    }
}
