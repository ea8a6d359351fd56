using Microsoft.Extensions.Logging;
using Reconciler.History;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Makes pass after pass, and waits for a trigger or a time when there is nothing to do. The one place where exceptions end.</summary>
internal sealed partial class ReconcileLoop(
    HostReconciler reconciler, TriggerQueue triggers, Postponements postponements, StatusBoard board, Backoff backoff, Action<HoldReason> held,
    TimeProvider clock, ILogger<ReconcileLoop> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private string? _lastHold;

    /// <summary>When the last pass ended, or a wait that was announced began; the watchdog looks at it.</summary>
    public DateTimeOffset LastSign { get; private set; } = clock.GetUtcNow();

    /// <summary>Reconciles until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            DateTimeOffset? lookAgainAt;
            try
            {
                var step = await reconciler.PassAsync(cancellationToken);
                failures = 0;
                LastSign = clock.GetUtcNow();
                if (step is not HostStep.Hold { Reason: var reason })
                {
                    _lastHold = step is HostStep.Probe ? _lastHold : null;
                    continue;
                }

                Tell(reason);
                lookAgainAt = Earliest(reason.LookAgainAt, postponements.TellAgainAt);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (LedgerMovedException)
            {
                continue;
            }
            catch (Exception e) when (e is LedgerUnavailableException or InvalidLedgerException)
            {
                failures++;
                board.ShowTrouble(e.Message);
                TellTrouble(e);
                lookAgainAt = clock.GetUtcNow() + backoff.After(failures);
            }
            catch (Exception e)
            {
                // A bug, or trouble no adapter foresaw: say it, keep the host as it is, and look again later.
                failures++;
                board.ShowTrouble($"unexpected: {e.Message}");
                LogUnexpected(e);
                lookAgainAt = clock.GetUtcNow() + backoff.After(failures);
            }

            await WaitAsync(lookAgainAt, cancellationToken);
        }
    }

    private async Task WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken)
    {
        try
        {
            if (until is not { } instant)
            {
                await triggers.NextAsync(cancellationToken);
            }
            else if (instant > clock.GetUtcNow())
            {
                await triggers.NextAsync(instant, LongestWait, clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The daemon stops.
        }
    }

    private void Tell(HoldReason reason)
    {
        var words = HoldText.Headline(reason);
        var key = reason is HoldReason.AwaitingHealth ? reason.GetType().Name : words;
        if (key != _lastHold)
        {
            _lastHold = key;
            var isQuiet = reason is HoldReason.UpToDate or HoldReason.AwaitingHealth or HoldReason.OutsideMaintenanceWindow or HoldReason.NothingFetchedYet
                or HoldReason.OutsideRebootWindow or HoldReason.RebootAnnounced or HoldReason.RebootUnderWay;
            LogHold(isQuiet ? LogLevel.Information : LogLevel.Warning, words, HoldText.Cure(reason));
            held(reason);
        }
    }

    private void TellTrouble(Exception trouble)
    {
        if (trouble.Message != _lastHold)
        {
            _lastHold = trouble.Message;
            LogLedgerTrouble(trouble.Message);
        }
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => (a, b) switch
    {
        ({ } x, { } y) => x < y ? x : y,
        _ => a ?? b,
    };
}
