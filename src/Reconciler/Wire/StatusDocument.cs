using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;

namespace Reconciler.Wire;

/// <summary>What <c>GET /v1/status</c> answers: the host at one instant, with words for people. Names are stable within an API version.</summary>
internal sealed record StatusDocument
{
    /// <summary>Version of the control API.</summary>
    public int Api { get; init; } = WireJson.ApiVersion;

    /// <summary>Version of the daemon.</summary>
    public required string Version { get; init; }

    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>When this was put together.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the daemon started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The state in one word; <see cref="HostStateWord"/> lists them.</summary>
    public required HostStateWord State { get; init; }

    /// <summary>What happens, or why nothing moves, in one line.</summary>
    public required string Headline { get; init; }

    /// <summary>What an operator can do; empty when there is nothing to do.</summary>
    public required string Cure { get; init; }

    /// <summary>Whether a person should look.</summary>
    public required bool NeedsAttention { get; init; }

    /// <summary>Whether nothing is under way: what is shown stays until something new comes, or until a wait ends.</summary>
    public required bool IsSettled { get; init; }

    /// <summary>Since when the headline holds; null before the first look.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the daemon decided last; null before the first look.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>What keeps the repository from being told; null when nothing does.</summary>
    public string? TellTrouble { get; init; }

    /// <summary>How telling the forge stands; null when there is none.</summary>
    public ForgeDocument? Forge { get; init; }

    /// <summary>What came by webhook; null when none is listened for.</summary>
    public WebhookDocument? Webhook { get; init; }

    /// <summary>How the status page is served; null when there is none.</summary>
    public PageDocument? Page { get; init; }

    /// <summary>What the machine runs and boots.</summary>
    public required SystemsDocument Systems { get; init; }

    /// <summary>The revision that should run; null when none can be named.</summary>
    public WantedDocument? Wanted { get; init; }

    /// <summary>The remotes, in order of preference.</summary>
    public required ImmutableArray<RemoteDocument> Remotes { get; init; }

    /// <summary>The trial under way; null when there is none.</summary>
    public TrialDocument? Trial { get; init; }

    /// <summary>Set while an operator has stopped new deployments.</summary>
    public SuspensionDocument? Suspension { get; init; }

    /// <summary>The revision the host is fixed to; null when it follows its branch.</summary>
    public string? Pin { get; init; }

    /// <summary>When damaged paths were last removed from the store; null when that never happened.</summary>
    public StoreMendedDocument? StoreMended { get; init; }

    /// <summary>How many revisions are quarantined.</summary>
    public required int Quarantined { get; init; }

    /// <summary>The last deployments, newest first.</summary>
    public required ImmutableArray<DeploymentSummary> Deployments { get; init; }

    /// <summary>Puts the document together.</summary>
    public static StatusDocument Of(HostStatus status, string version)
    {
        var state = StateOf(status);
        var hold = (status.Step as HostStep.Hold)?.Reason;
        return new StatusDocument
        {
            Version = version,
            Host = status.Host.ToString(),
            At = status.At,
            Started = status.Started,
            State = state,
            Headline = status switch
            {
                { Trouble: { } trouble } => trouble,
                { Step: { } step } => StepText.Headline(step),
                _ => "starting; nothing was looked at yet",
            },
            Cure = status.Trouble is null && hold is not null ? HoldText.Cure(hold) : "",
            NeedsAttention = NeedsAttentionIn(state, hold),
            IsSettled = status.Trouble is not null || hold is not (null or HoldReason.AwaitingHealth or HoldReason.NothingFetchedYet or HoldReason.BeingPutBack),
            Since = status.StepSince,
            DecidedAt = status.DecidedAt,
            TellTrouble = status.TellTrouble,
            Forge = status.Forge is { } forge ? ForgeDocument.Of(forge) : null,
            Webhook = status.Push is { } push ? new WebhookDocument(push.Address, push.HeardAt, push.PingAt, push.Accepted, push.Refused, push.Trouble) : null,
            Page = status.Page is { } page ? new PageDocument(page.Address, page.Trouble) : null,
            Systems = SystemsDocument.Of(status),
            Wanted = status.Selection is Selection.Wanted { Candidate: var candidate }
                ? new WantedDocument(candidate.Revision.Sha, DeploymentText.Word(candidate.Branch), candidate.Remote)
                : null,
            Remotes = [.. status.Git.Remotes.Select(RemoteDocument.Of)],
            Trial = status.History.Latest is { Phase: DeploymentPhase.OnTrial } latest ? TrialDocument.Of(latest, status.Rounds, hold) : null,
            Suspension = status.History.Suspension is { } s ? new SuspensionDocument(s.Since, s.By.ToString(), s.Reason) : null,
            Pin = status.History.Pin?.Sha,
            StoreMended = status.History.LastMend is { } mend ? new StoreMendedDocument(mend.At, mend.Damaged, mend.Removed) : null,
            Quarantined = status.History.Quarantine.Count,
            Deployments = [.. status.History.Deployments.Values.Reverse().Take(5).Select(DeploymentSummary.Of)],
        };
    }

    private static HostStateWord StateOf(HostStatus status) => status switch
    {
        { Trouble: not null } => HostStateWord.Broken,
        { Step: null } => HostStateWord.Starting,
        { Step: HostStep.Hold { Reason: var reason } } => reason switch
        {
            HoldReason.UpToDate => HostStateWord.UpToDate,
            HoldReason.NothingFetchedYet => HostStateWord.Starting,
            HoldReason.RepositoryUnreachable => HostStateWord.Unreachable,
            HoldReason.BranchMissing or HoldReason.BranchWentBack or HoldReason.Unsigned or HoldReason.SignaturesUnknown => HostStateWord.Held,
            HoldReason.NoSystemToReturnTo or HoldReason.StoreDamaged => HostStateWord.Held,
            HoldReason.Suspended => HostStateWord.Suspended,
            HoldReason.Quarantined => HostStateWord.Quarantined,
            HoldReason.OutsideMaintenanceWindow or HoldReason.BackingOff => HostStateWord.Waiting,
            HoldReason.OutsideRebootWindow or HoldReason.RebootInhibited or HoldReason.UsersLoggedIn or HoldReason.RebootAnnounced => HostStateWord.Waiting,
            HoldReason.RebootUnderWay => HostStateWord.Working,
            HoldReason.TestingEndedByBoots => HostStateWord.Held,
            HoldReason.AwaitingHealth => HostStateWord.OnTrial,
            HoldReason.Drifted => HostStateWord.Drifted,
            HoldReason.BeingPutBack => HostStateWord.RollingBack,
            HoldReason.NeedsOperator => HostStateWord.NeedsOperator,
            _ => throw new UnreachableException(),
        },
        { Step: HostStep.Probe } => HostStateWord.OnTrial,
        { Step: HostStep.RollBack } => HostStateWord.RollingBack,
        _ => HostStateWord.Working,
    };

    // Waiting that ends by itself, and what an operator did on purpose, need nobody.
    private static bool NeedsAttentionIn(HostStateWord state, HoldReason? hold) => state switch
    {
        HostStateWord.Broken or HostStateWord.NeedsOperator or HostStateWord.Held or HostStateWord.Unreachable => true,
        HostStateWord.Quarantined => hold is HoldReason.Quarantined { Cause: not null },
        HostStateWord.Drifted => hold is HoldReason.Drifted { RepairAt: null },
        _ => false,
    };
}

/// <summary>The states of a host, in one word.</summary>
internal enum HostStateWord
{
    /// <summary>The daemon has not looked at everything yet.</summary>
    Starting,

    /// <summary>The host runs what is wanted.</summary>
    UpToDate,

    /// <summary>A step is under way.</summary>
    Working,

    /// <summary>A system is activated and not yet confirmed.</summary>
    OnTrial,

    /// <summary>The host is being put back.</summary>
    RollingBack,

    /// <summary>Something is due later, by itself.</summary>
    Waiting,

    /// <summary>An operator stopped new deployments.</summary>
    Suspended,

    /// <summary>The wanted revision failed here before.</summary>
    Quarantined,

    /// <summary>What the repository shows may not be deployed.</summary>
    Held,

    /// <summary>Something else runs than was confirmed.</summary>
    Drifted,

    /// <summary>The repository was never reached.</summary>
    Unreachable,

    /// <summary>A rollback failed.</summary>
    NeedsOperator,

    /// <summary>The daemon itself cannot work.</summary>
    Broken,
}

/// <summary>How the status page is served.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Trouble">Why it cannot be served; null when it can.</param>
internal sealed record PageDocument(string Address, string? Trouble);

/// <summary>What the machine runs and boots.</summary>
/// <param name="Running">Store path of what runs; null when unknown.</param>
/// <param name="Booted">Store path of what was booted; null when unknown.</param>
/// <param name="BootDefault">Store path of what the next boot takes; null when unknown.</param>
/// <param name="Expected">Store path of what should run; null before the first look.</param>
/// <param name="Revision">The commit what runs was built from; null when unknown.</param>
/// <param name="Generation">The generation what runs was confirmed as; null when it was not.</param>
internal sealed record SystemsDocument(string? Running, string? Booted, string? BootDefault, string? Expected, string? Revision, int? Generation)
{
    /// <summary>Reads it off a status.</summary>
    public static SystemsDocument Of(HostStatus status)
    {
        var running = status.Machine?.Running;
        var source = running is null ? null : SourceOf(status.History, running.Value);
        return new SystemsDocument(
            running?.Path, status.Machine?.Booted?.Path, status.Machine?.BootDefault?.Path, status.History.ExpectedSystem?.Path,
            source?.Revision?.Sha, source?.Generation);
    }

    /// <summary>The deployment that brought a system onto the host; null when none did.</summary>
    public static Deployment? SourceOf(HostHistory history, Toplevel toplevel) =>
        history.Applied?.Toplevel == toplevel
            ? history.Applied
            : history.Deployments.Values.LastOrDefault(deployment => deployment.Toplevel == toplevel && deployment.Generation is not null)
                ?? history.Deployments.Values.LastOrDefault(deployment => deployment.Toplevel == toplevel);
}

/// <summary>The revision that should run.</summary>
internal sealed record WantedDocument(string Revision, string Branch, string Remote);

/// <summary>An operator has stopped new deployments.</summary>
internal sealed record SuspensionDocument(DateTimeOffset Since, string By, string Reason);

/// <summary>One remote.</summary>
/// <param name="Name">Its configured name.</param>
/// <param name="Main">Tip of the branch; null when unknown.</param>
/// <param name="Testing">Tip of the testing branch; null when there is none.</param>
/// <param name="ReachedAt">When it last answered; null when never.</param>
/// <param name="Trouble">Why the last look failed; null when it worked.</param>
/// <param name="TroubleSince">When that began.</param>
internal sealed record RemoteDocument(
    string Name, string? Main, string? Testing, DateTimeOffset? ReachedAt, string? Trouble, DateTimeOffset? TroubleSince)
{
    /// <summary>Puts the document together.</summary>
    public static RemoteDocument Of(RemoteView remote) =>
        new(remote.Name, remote.Main?.Sha, remote.Testing?.Sha, remote.ReachedAt, remote.Trouble?.Detail, remote.Trouble?.Since);
}

/// <summary>The trial under way.</summary>
/// <param name="Deployment">Its deployment.</param>
/// <param name="ActivatedAt">When activation ended; null while it runs.</param>
/// <param name="Deadline">When it is confirmed or rolled back at the latest.</param>
/// <param name="NextRound">When the checks are probed next; null when that is now.</param>
/// <param name="Rounds">Rounds of probes so far.</param>
/// <param name="GoodRounds">Rounds in a row, up to the last, in which all required checks passed.</param>
/// <param name="Checks">The last round.</param>
internal sealed record TrialDocument(
    long Deployment, DateTimeOffset? ActivatedAt, DateTimeOffset? Deadline, DateTimeOffset? NextRound, int Rounds, int GoodRounds,
    ImmutableArray<CheckDocument> Checks)
{
    /// <summary>Puts the document together.</summary>
    public static TrialDocument Of(Deployment deployment, ImmutableArray<ProbeRound> rounds, HoldReason? hold)
    {
        var awaiting = hold as HoldReason.AwaitingHealth;
        return new TrialDocument(
            deployment.Id.Position,
            (deployment.Phase as DeploymentPhase.OnTrial)?.ActivatedAt,
            awaiting?.Deadline,
            awaiting?.NextRound,
            rounds.Length,
            rounds.Reverse().TakeWhile(round => round.Results.All(result => result.Passed || !result.Required)).Count(),
            rounds.IsEmpty ? [] : [.. rounds[^1].Results.Select(CheckDocument.Of)]);
    }
}

/// <summary>One check at one instant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Required">Whether it counts.</param>
/// <param name="Passed">Whether it held.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="TookMilliseconds">How long the probe took.</param>
internal sealed record CheckDocument(string Name, bool Required, bool Passed, string Detail, long TookMilliseconds)
{
    /// <summary>Puts the document together.</summary>
    public static CheckDocument Of(ProbeResult result) =>
        new(result.Check, result.Required, result.Passed, result.Detail, (long)result.Took.TotalMilliseconds);
}

/// <summary>Damaged paths were removed from the store, to be built anew.</summary>
/// <param name="At">When.</param>
/// <param name="Damaged">How many were damaged.</param>
/// <param name="Removed">How many were removed: damaged ones, and what refers to them.</param>
internal sealed record StoreMendedDocument(DateTimeOffset At, int Damaged, int Removed);
