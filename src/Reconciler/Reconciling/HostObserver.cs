using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Gathers one view of the host. What is expensive is asked only when it matters, and once for each new answer.</summary>
internal sealed class HostObserver(
    LedgerReader ledger,
    INixHost host,
    IDeadMansSwitch deadMan,
    IHostReboots reboots,
    StoreWatch store,
    Func<GitView> git,
    IGitHistory commits,
    TrialMemory trial,
    Postponements postponements,
    HostPolicy policy,
    SignaturePolicy signatures,
    SteadyTime clock)
{
    private const int KnownLineages = 64;

    // A mirror that was damaged for a moment makes commits look diverged; without an end that would be believed until a branch moves.
    private static readonly TimeSpan BelieveLineages = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(Revision, Revision), Lineage> _lineages = [];
    private DateTimeOffset _believedUntil = DateTimeOffset.MinValue;
    private (SelectionInput Input, Selection Selection)? _lastSelection;
    private (Revision? Confirmed, Revision Tip, SignatureVerdict Verdict, DateTimeOffset Until)? _lastVerdict;

    /// <summary>The view now.</summary>
    public async Task<HostView> ObserveAsync(CancellationToken cancellationToken)
    {
        var history = ledger.Read();
        clock.Hold(history.Latest is { Phase.IsAtStake: true });
        var selection = Select(history);
        var machine = host.Observe();
        return new HostView
        {
            Now = clock.GetUtcNow(),
            Policy = policy,
            History = history,
            Host = machine,
            Selection = selection,
            RepositoryAnswers = git().Remotes.Any(remote => remote is { Trouble: null, ReachedAt: not null }),
            Signatures = await JudgeSignaturesAsync(history, selection, cancellationToken),
            Activation = await SightActivationAsync(history, cancellationToken),
            DeadMansSwitch = history.Latest is { Phase.IsAtStake: true } guarded
                ? await deadMan.LookAsync(guarded.Id, cancellationToken)
                : new DeadMansSighting.Quiet(),
            Store = store.Sighting,
            Rounds = trial.RoundsOf(history.Latest),
            PatientChecks = trial.Patient,
            Obstacles = RebootPlanning.IsDue(policy, machine, history.Latest) ? await reboots.ObstaclesAsync(cancellationToken) : RebootObstacles.None,
            RebootAnnouncedAt = postponements.RebootAnnouncedAt,
            TellAgainAt = postponements.TellAgainAt,
            RepairAgainAt = postponements.RepairAgainAt,
            RepairTakesReboot = postponements.RepairTakesReboot,
        };
    }

    private Selection Select(HostHistory history)
    {
        var input = new SelectionInput(git(), history.MainConfirmed, history.Pin, history.AllowedRewinds);
        var now = clock.GetUtcNow();
        if (now >= _believedUntil)
        {
            _lineages.Clear();
            _lastSelection = null;
            _believedUntil = now + BelieveLineages;
        }

        if (_lastSelection is { } last && last.Input.IsSame(input))
        {
            return last.Selection;
        }

        var selection = RevisionSelection.Choose(
            input.Git,
            input.Confirmed,
            input.Pin,
            tip => policy.AllowRewind || input.AllowedRewinds.Contains(tip),
            Compare);
        _lastSelection = (input, selection);
        return selection;
    }

    private Lineage Compare(Revision start, Revision tip)
    {
        if (!_lineages.TryGetValue((start, tip), out var lineage))
        {
            lineage = commits.Compare(start, tip);
            if (_lineages.Count >= KnownLineages)
            {
                _lineages.Clear();
            }

            _lineages[(start, tip)] = lineage;
        }

        return lineage;
    }

    private async Task<SignatureVerdict?> JudgeSignaturesAsync(HostHistory history, Selection selection, CancellationToken cancellationToken)
    {
        if (!signatures.Required || selection is not Selection.Wanted { Candidate.Revision: var tip } || tip == history.Applied?.Revision)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        if (_lastVerdict is { } last && last.Confirmed == history.MainConfirmed && last.Tip == tip && now < last.Until)
        {
            return last.Verdict;
        }

        var verdict = await commits.VerifySignaturesAsync(history.MainConfirmed, tip, cancellationToken);
        var until = verdict is SignatureVerdict.Trusted ? DateTimeOffset.MaxValue : now + signatures.AskAgainAfter;
        _lastVerdict = (history.MainConfirmed, tip, verdict, until);
        return verdict;
    }

    private async Task<ActivationSighting> SightActivationAsync(HostHistory history, CancellationToken cancellationToken) =>
        history.Latest is { Phase: DeploymentPhase.OnTrial { Activation: null }, Trial: { } start } deployment
            ? await host.FindActivationAsync(new ActivationName(deployment.Id, ActivationPurpose.Trial, start.Attempts), cancellationToken)
            : new ActivationSighting.NotFound();

    /// <summary>What selection depends on.</summary>
    private sealed record SelectionInput(GitView Git, Revision? Confirmed, Revision? Pin, ImmutableHashSet<Revision> AllowedRewinds)
    {
        public bool IsSame(SelectionInput other) =>
            Confirmed == other.Confirmed && Pin == other.Pin && ReferenceEquals(AllowedRewinds, other.AllowedRewinds)
            && (ReferenceEquals(Git, other.Git) || Git.Remotes.Select(Tips).SequenceEqual(other.Git.Remotes.Select(Tips)));

        private static (string, Revision?, Revision?, bool, string?) Tips(RemoteView remote) =>
            (remote.Name, remote.Main, remote.Testing, remote.ReachedAt is null, remote.Trouble?.Detail);
    }
}

/// <summary>Whether commits must be signed.</summary>
/// <param name="Required">Whether a commit that is not signed by an allowed signer is held.</param>
/// <param name="AskAgainAfter">How long a refusal is believed before it is checked again, since keys may have been added.</param>
internal sealed record SignaturePolicy(bool Required, TimeSpan AskAgainAfter);
