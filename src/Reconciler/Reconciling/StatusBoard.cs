using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Reconciling;

/// <summary>Keeps the status for whoever wants to see it.</summary>
internal sealed class StatusBoard : IStatusBoard
{
    private readonly LedgerReader _ledger;
    private readonly Func<GitView> _git;
    private readonly TrialMemory _trial;
    private readonly Postponements _postponements;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private HostStatus _status;
    private TaskCompletionSource _changed = NewChange();

    /// <summary>Makes a board for a daemon that starts now.</summary>
    public StatusBoard(HostName host, LedgerReader ledger, Func<GitView> git, TrialMemory trial, Postponements postponements, TimeProvider clock)
    {
        (_ledger, _git, _trial, _postponements, _clock) = (ledger, git, trial, postponements, clock);
        var now = clock.GetUtcNow();
        _status = new HostStatus { Host = host, At = now, Started = now, History = History.HostHistory.Empty };
    }

    /// <summary>How telling the forge stands; gives null when there is none.</summary>
    public Func<ForgeStatus?> Forge { get; init; } = () => null;

    /// <summary>What came by webhook; gives null when none is listened for.</summary>
    public Func<PushStatus?> Push { get; init; } = () => null;

    /// <summary>How the status page is served; gives null when there is none.</summary>
    public Func<PageStatus?> Page { get; init; } = () => null;

    /// <inheritdoc/>
    public HostStatus Current
    {
        get
        {
            // Asked outside the lock: the forge's part reads from a disk that may stall, and the loop must not wait for that.
            return Latest with { At = _clock.GetUtcNow(), Git = _git(), Forge = Forge(), Push = Push(), Page = Page() };
        }
    }

    /// <summary>What was shown last, without a look at anything.</summary>
    public HostStatus Latest
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>Shows what a pass saw and decided.</summary>
    public void Show(HostView view, HostStep step) => Replace(status => status with
    {
        History = view.History,
        Machine = view.Host,
        Git = _git(),
        Selection = view.Selection,
        Step = step,
        StepSince = status.Step == step ? status.StepSince : view.Now,
        DecidedAt = view.Now,
        Rounds = _trial.RoundsOf(view.History.Latest),
        Trouble = null,
        TellTrouble = _postponements.TellTrouble,
    });

    /// <summary>Shows the ledger as it is after an operator's request, without waiting for the next pass.</summary>
    public void Refresh() => Replace(status => status with { History = _ledger.Read() });

    /// <summary>Shows that the daemon itself cannot work.</summary>
    public void ShowTrouble(string trouble) => Replace(status => status with { Trouble = trouble });

    /// <inheritdoc/>
    public async Task<HostStatus> NextAsync(HostStatus seen, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_lock)
        {
            if (!ReferenceEquals(_status.Step, seen.Step) || _status.History.Position != seen.History.Position || _status.Trouble != seen.Trouble)
            {
                return _status;
            }

            changed = _changed.Task;
        }

        await changed.WaitAsync(cancellationToken);
        return Current;
    }

    private void Replace(Func<HostStatus, HostStatus> change)
    {
        TaskCompletionSource done;
        lock (_lock)
        {
            _status = change(_status) with { At = _clock.GetUtcNow() };
            (done, _changed) = (_changed, NewChange());
        }

        done.TrySetResult();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
