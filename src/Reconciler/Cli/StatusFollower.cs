using System.Runtime.CompilerServices;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>Follows the status of the daemon, also past a restart of it: a deployment may well renew the daemon itself.</summary>
internal sealed class StatusFollower(ControlClient client, TimeProvider clock)
{
    /// <summary>How long a daemon may be away.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The status now, and again at each change, without end.</summary>
    /// <exception cref="ControlException">There is no daemon, or it was away for longer than <see cref="Patience"/>.</exception>
    public async IAsyncEnumerable<StatusDocument> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? lost = null;
        for (var wasSeen = false; ; wasSeen = true)
        {
            await using var changes = client
                .StreamAsync(HttpMethod.Get, "/v1/status?follow=true", null, WireJson.Default.StatusDocument, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(changes, wasSeen, lost))
            {
                (wasSeen, lost) = (true, null);
                yield return changes.Current;
            }

            lost ??= clock.GetTimestamp();
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    private async Task<bool> MoveNextAsync(IAsyncEnumerator<StatusDocument> changes, bool wasSeen, long? lost)
    {
        try
        {
            if (await changes.MoveNextAsync())
            {
                return true;
            }
        }
        catch (ControlException e) when (e.ExitCode == ExitCode.Unreachable && wasSeen && !IsOver(lost))
        {
            return false;
        }

        return IsOver(lost) ? throw new ControlException(ExitCode.Unreachable, "The daemon went away.", "See: systemctl status reconciler") : false;
    }

    private bool IsOver(long? lost) => lost is { } since && clock.GetElapsedTime(since) > Patience;
}
