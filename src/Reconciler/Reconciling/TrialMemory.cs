using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Reconciling;

/// <summary>The probe rounds of the trial under way. Kept in memory only: after a restart the gate begins to count anew.</summary>
internal sealed class TrialMemory
{
    private const int KeptRounds = 500;
    private (DeploymentId Deployment, int Attempt) _trial;
    private ImmutableArray<ProbeRound> _rounds = [];

    /// <summary>Checks of the trial whose failure counts only at the end of the window.</summary>
    public ImmutableHashSet<string> Patient { get; private set; } = [];

    /// <summary>The rounds of a deployment's trial, oldest first; none for any other.</summary>
    public ImmutableArray<ProbeRound> RoundsOf(Deployment? deployment) =>
        deployment?.Trial is { } trial && _trial == (deployment.Id, trial.Attempts) ? _rounds : [];

    /// <summary>Adds a round.</summary>
    public void Add(Deployment deployment, ProbeRound round, ImmutableHashSet<string> patient)
    {
        var trial = (deployment.Id, deployment.Trial!.Attempts);
        var before = _trial == trial ? _rounds : [];
        _rounds = before.Length < KeptRounds ? before.Add(round) : before.RemoveAt(0).Add(round);
        _trial = trial;
        Patient = patient;
    }
}
