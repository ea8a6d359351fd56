using System.Globalization;
using System.Net;
using Polly.Timeout;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.GitHub;

/// <summary>
/// The outermost handler: lets no request through while GitHub is not to be asked, sees in each answer whether that is so, and lets changes go one
/// after the other, a second apart.
/// </summary>
internal sealed class GateHandler(GitHubGate gate, GitHubSettings settings, TimeProvider clock) : DelegatingHandler
{
    private static readonly TimeSpan BetweenChanges = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private DateTimeOffset _lastChange = DateTimeOffset.MinValue;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        gate.Pass();
        if (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head)
        {
            return await AskAsync(request, cancellationToken);
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_lastChange + BetweenChanges - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, clock, cancellationToken);
            }

            gate.Pass();
            return await AskAsync(request, cancellationToken);
        }
        finally
        {
            _lastChange = clock.GetUtcNow();
            _turn.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _turn.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (GitHubUnavailableException e) when (e.Pause is { } pause)
        {
            throw gate.Close(e.Message, pause);
        }
        catch (TimeoutRejectedException)
        {
            throw gate.Close(
                $"{settings.Root.Host} did not answer within {settings.Timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s: look at the network, or at githubstatus.com", null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw gate.Close(BrokenConnection.Why(e, settings.Root), null);
        }

        if (await GitHubTrouble.OfAsync(response, settings, clock.GetUtcNow(), cancellationToken) is { } trouble)
        {
            response.Dispose();
            throw gate.Close(trouble.Detail, trouble.Asked);
        }

        NoteWellBeing(response);
        return response;
    }

    private void NoteWellBeing(HttpResponseMessage response)
    {
        gate.Well();
        if (RateLimit.Of(response, clock.GetUtcNow()) is not { } limit)
        {
            return;
        }

        gate.Hear(limit);
        if (limit.Remaining == 0)
        {
            // This answer is good; the next request would be refused.
            _ = gate.Close($"the {limit.Limit} requests GitHub allows in an hour are used up", limit.ResetsIn);
        }
    }
}
