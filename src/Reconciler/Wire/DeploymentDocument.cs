using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.Model;
using Reconciler.Reconciling;

namespace Reconciler.Wire;

/// <summary>One deployment in a list.</summary>
internal sealed record DeploymentSummary
{
    /// <summary>Its name.</summary>
    public required long Id { get; init; }

    /// <summary>The commit; null when it went back to a generation.</summary>
    public string? Revision { get; init; }

    /// <summary>Kind of branch: <c>main</c> or <c>testing</c>; null when it went back to a generation.</summary>
    public string? Branch { get; init; }

    /// <summary>The generation it went back to; null when it came from a commit.</summary>
    public int? From { get; init; }

    /// <summary>The generation it was confirmed as; null when it was not.</summary>
    public int? Generation { get; init; }

    /// <summary>Its phase, in a stable word.</summary>
    public required string Phase { get; init; }

    /// <summary>How far it has come or how it ended, in one line.</summary>
    public required string Headline { get; init; }

    /// <summary>How it ended: true well, false badly, null when it did not end or simply gave way.</summary>
    public bool? Succeeded { get; init; }

    /// <summary>When it was selected.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>When its phase last changed.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>Puts the document together.</summary>
    public static DeploymentSummary Of(Deployment deployment)
    {
        var commit = (deployment.Source as DeploymentSource.Commit)?.Candidate;
        return new DeploymentSummary
        {
            Id = deployment.Id.Position,
            Revision = commit?.Revision.Sha,
            Branch = commit is null ? null : DeploymentText.Word(commit.Branch),
            From = (deployment.Source as DeploymentSource.Generation)?.Number,
            Generation = deployment.Generation,
            Phase = DeploymentText.Word(deployment.Phase),
            Headline = DeploymentText.Headline(deployment),
            Succeeded = deployment.Phase switch
            {
                DeploymentPhase.Confirmed or DeploymentPhase.Accepted => true,
                DeploymentPhase.RolledBack or DeploymentPhase.Failed or DeploymentPhase.NeedsOperator or DeploymentPhase.Abandoned => false,
                _ => null,
            },
            Began = deployment.Began,
            Changed = deployment.Changed,
            Actor = deployment.Actor.ToString(),
        };
    }
}

/// <summary>What <c>GET /v1/history</c> answers: deployments, newest first.</summary>
internal sealed record HistoryDocument(ImmutableArray<DeploymentSummary> Deployments);

/// <summary>What <c>GET /v1/deployments/{id}</c> answers: the whole story of one deployment.</summary>
internal sealed record DeploymentDocument
{
    /// <summary>As in lists.</summary>
    public required DeploymentSummary Summary { get; init; }

    /// <summary>The remote the commit was read from; null when there is none.</summary>
    public string? Remote { get; init; }

    /// <summary>Store path of the system; null when it was not built.</summary>
    public string? Toplevel { get; init; }

    /// <summary>Store path of the system to come back to.</summary>
    public required string RollBackTo { get; init; }

    /// <summary>Why it failed or was postponed; null when neither.</summary>
    public FailureDocument? Failure { get; init; }

    /// <summary>When a postponed attempt is made again; null when none is postponed.</summary>
    public DateTimeOffset? TriedAgainAt { get; init; }

    /// <summary>What it changes; null when not known.</summary>
    public ChangesDocument? Changes { get; init; }

    /// <summary>How often activation was begun.</summary>
    public int Activations { get; init; }

    /// <summary>How activation ended; null when it did not, or is long past.</summary>
    public string? Activation { get; init; }

    /// <summary>Units that had failed before the trial.</summary>
    public ImmutableArray<string> FailedUnitsBefore { get; init; } = [];

    /// <summary>Checks that failed before the trial.</summary>
    public ImmutableArray<string> ChecksFailingBefore { get; init; } = [];

    /// <summary>The last probes that were recorded.</summary>
    public ImmutableArray<CheckDocument> Checks { get; init; } = [];

    /// <summary>Journal lines kept with a rollback.</summary>
    public ImmutableArray<JournalDocument> Journal { get; init; } = [];

    /// <summary>When each phase was entered.</summary>
    public ImmutableArray<TimelineDocument> Timeline { get; init; } = [];

    /// <summary>What its time was spent on.</summary>
    public ImmutableArray<PhaseDocument> Phases { get; init; } = [];

    /// <summary>The rounds of probes of its trial, oldest first; kept in memory only, so none for earlier deployments.</summary>
    public ImmutableArray<RoundDocument> Rounds { get; init; } = [];

    /// <summary>Whether the repository was told how it ended.</summary>
    public bool IsTold { get; init; }

    /// <summary>Puts the document together.</summary>
    public static DeploymentDocument Of(Deployment deployment) => new()
    {
        Summary = DeploymentSummary.Of(deployment),
        Remote = (deployment.Source as DeploymentSource.Commit)?.Candidate.Remote,
        Toplevel = deployment.Toplevel?.Path,
        RollBackTo = deployment.RollBackTo.Path,
        Failure = DeploymentText.Failure(deployment) is { } failure ? FailureDocument.Of(failure) : null,
        TriedAgainAt = deployment.Postponed?.Until,
        Changes = deployment.Plan is { } plan ? ChangesDocument.Of(plan) : null,
        Activations = deployment.Trial?.Attempts ?? 0,
        Activation = deployment.Phase is DeploymentPhase.OnTrial { Activation: { } outcome } ? DeploymentText.Activation(outcome) : null,
        FailedUnitsBefore = deployment.Trial?.FailedUnitsBefore ?? [],
        ChecksFailingBefore = deployment.Trial?.ChecksFailingBefore ?? [],
        Checks = [.. deployment.Results.Select(CheckDocument.Of)],
        Journal = [.. deployment.Journal.Units.Select(unit => new JournalDocument(unit.Unit, unit.Lines))],
        Timeline = [.. deployment.Timeline.Select(line => new TimelineDocument(line.At, line.Event))],
        Phases = PhaseDocument.Of(deployment),
        IsTold = deployment.IsTold,
    };

    /// <summary>With the rounds of its trial, where the daemon still remembers them.</summary>
    public static DeploymentDocument Of(Deployment deployment, HostStatus status) => status.History.Latest?.Id == deployment.Id
        ? Of(deployment) with { Rounds = [.. status.Rounds.Select(RoundDocument.Of)] }
        : Of(deployment);
}

/// <summary>One round of probes.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Checks">One result a check.</param>
internal sealed record RoundDocument(DateTimeOffset At, ImmutableArray<CheckDocument> Checks)
{
    /// <summary>Puts the document together.</summary>
    public static RoundDocument Of(ProbeRound round) => new(round.At, [.. round.Results.Select(CheckDocument.Of)]);
}

/// <summary>What went wrong.</summary>
/// <param name="Kind">The sort of failure, in a stable word.</param>
/// <param name="Fault">Whose fault: <c>revision</c>, <c>host</c>, <c>world</c>, <c>nobody</c>.</param>
/// <param name="Headline">The cause, in one line.</param>
/// <param name="Cure">What to do, in one line.</param>
/// <param name="Excerpt">Quoted output; empty when there is none.</param>
/// <param name="Checks">The checks that failed.</param>
internal sealed record FailureDocument(string Kind, string Fault, string Headline, string Cure, string Excerpt, ImmutableArray<CheckDocument> Checks)
{
    /// <summary>Puts the document together.</summary>
    public static FailureDocument Of(Failure failure) => new(
        char.ToLowerInvariant(failure.GetType().Name[0]) + failure.GetType().Name[1..],
        failure.Fault switch
        {
            Model.Fault.Revision => "revision",
            Model.Fault.Host => "host",
            Model.Fault.World => "world",
            Model.Fault.Nobody => "nobody",
            _ => throw new UnreachableException(),
        },
        FailureText.Headline(failure),
        FailureText.Cure(failure),
        FailureText.Excerpt(failure),
        [.. FailureText.FailingChecks(failure).Select(CheckDocument.Of)]);
}

/// <summary>What a system would change.</summary>
internal sealed record ChangesDocument
{
    /// <summary>Units that would be stopped.</summary>
    public required ImmutableArray<string> Stop { get; init; }

    /// <summary>Units that would be started.</summary>
    public required ImmutableArray<string> Start { get; init; }

    /// <summary>Units that would be restarted.</summary>
    public required ImmutableArray<string> Restart { get; init; }

    /// <summary>Units that would be reloaded.</summary>
    public required ImmutableArray<string> Reload { get; init; }

    /// <summary>Changed units that are left running as they are.</summary>
    public required ImmutableArray<string> LeftAlone { get; init; }

    /// <summary>Packages that differ.</summary>
    public required ImmutableArray<PackageDocument> Packages { get; init; }

    /// <summary>Size of the new closure in bytes; null when unknown.</summary>
    public long? ClosureBytes { get; init; }

    /// <summary>Size of the closure that runs now in bytes; null when unknown.</summary>
    public long? ClosureBytesBefore { get; init; }

    /// <summary>Why a reboot is needed for all of it to take effect.</summary>
    public required ImmutableArray<string> RebootReasons { get; init; }

    /// <summary>Whether nothing differs.</summary>
    public required bool ChangesNothing { get; init; }

    /// <summary>Puts the document together.</summary>
    public static ChangesDocument Of(SystemPlan plan) => new()
    {
        Stop = plan.Stop,
        Start = plan.Start,
        Restart = plan.Restart,
        Reload = plan.Reload,
        LeftAlone = plan.LeftAlone,
        Packages = [.. plan.Packages.Select(package => new PackageDocument(package.Name, package.Before, package.After))],
        ClosureBytes = plan.ClosureBytes,
        ClosureBytesBefore = plan.ClosureBytesBefore,
        RebootReasons = plan.RebootReasons,
        ChangesNothing = plan.ChangesNothing,
    };
}

/// <summary>A package that differs.</summary>
internal sealed record PackageDocument(string Name, ImmutableArray<string> Before, ImmutableArray<string> After);

/// <summary>Journal lines of one unit.</summary>
internal sealed record JournalDocument(string Unit, ImmutableArray<string> Lines);

/// <summary>One line of a timeline.</summary>
internal sealed record TimelineDocument(DateTimeOffset At, string Event);
