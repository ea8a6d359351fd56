using System.Collections.Immutable;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Reconciling;

namespace Reconciler.Wire;

/// <summary>What is said to a request that was understood.</summary>
/// <param name="Accepted">Whether it was done or written down.</param>
/// <param name="Message">What follows, or why not and what to do.</param>
/// <param name="LookedAt">For <c>sync</c>: when the remotes last answered; a status decided since then knows what they said.</param>
internal sealed record AnswerDocument(bool Accepted, string Message, DateTimeOffset? LookedAt = null);

/// <summary>What is said to a request that was not understood or could not be served.</summary>
internal sealed record ErrorDocument(string Message);

/// <summary>What <c>GET /v1/generations</c> answers, newest first.</summary>
internal sealed record GenerationsDocument(ImmutableArray<GenerationDocument> Generations)
{
    /// <summary>Puts the document together.</summary>
    public static GenerationsDocument Of(IReadOnlyList<Generation> generations, HostStatus status) =>
        new([.. generations.Select(generation => GenerationDocument.Of(generation, status))]);
}

/// <summary>One generation of the system profile.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Toplevel">Store path of its system.</param>
/// <param name="Made">When it was made.</param>
/// <param name="IsRunning">Whether its system runs.</param>
/// <param name="IsBooted">Whether its system was booted.</param>
/// <param name="IsBootDefault">Whether the next boot takes it.</param>
/// <param name="Revision">The commit it was built from; null when unknown.</param>
/// <param name="Deployment">The deployment that confirmed it; null when none did.</param>
internal sealed record GenerationDocument(
    int Number, string Toplevel, DateTimeOffset Made, bool IsRunning, bool IsBooted, bool IsBootDefault, string? Revision, long? Deployment)
{
    /// <summary>Puts the document together.</summary>
    public static GenerationDocument Of(Generation generation, HostStatus status)
    {
        // Nix hands a deleted number out again, so number and system must both fit.
        var source = status.History.Deployments.Values.LastOrDefault(d => d.Toplevel == generation.Toplevel && d.Generation == generation.Number)
            ?? SystemsDocument.SourceOf(status.History, generation.Toplevel);
        return new GenerationDocument(
            generation.Number, generation.Toplevel.Path, generation.Made,
            status.Machine?.Running == generation.Toplevel, status.Machine?.Booted == generation.Toplevel, generation.IsBootDefault,
            source?.Revision?.Sha, source?.Id.Position);
    }
}

/// <summary>What <c>GET /v1/quarantine</c> answers, newest first.</summary>
internal sealed record QuarantineDocument(ImmutableArray<QuarantinedDocument> Revisions)
{
    /// <summary>Puts the document together.</summary>
    public static QuarantineDocument Of(HostHistory history) =>
        new([.. history.Quarantine.Values.OrderByDescending(held => held.Deployment.Position).Select(QuarantinedDocument.Of)]);
}

/// <summary>One quarantined revision.</summary>
/// <param name="Revision">The commit.</param>
/// <param name="Deployment">The deployment that taught it.</param>
/// <param name="Since">When.</param>
/// <param name="Headline">Why, in one line.</param>
/// <param name="Cure">What to do.</param>
internal sealed record QuarantinedDocument(string Revision, long Deployment, DateTimeOffset Since, string Headline, string Cure)
{
    /// <summary>Puts the document together.</summary>
    public static QuarantinedDocument Of(Quarantined held) => new(
        held.Revision.Sha, held.Deployment.Position, held.Since,
        held.Cause is null ? "left by an operator's rollback" : FailureText.Headline(held.Cause),
        held.Cause is null ? "Push a newer commit, or release this one." : FailureText.Cure(held.Cause));
}

/// <summary>What <c>GET /v1/ledger/verify</c> answers.</summary>
/// <param name="Entries">How many entries were walked.</param>
/// <param name="HeadHash">Hash of the last sound entry; to be compared with one kept outside the host.</param>
/// <param name="Fault">The first thing that is wrong; null when the chain is whole.</param>
internal sealed record LedgerVerdictDocument(long Entries, string HeadHash, string? Fault)
{
    /// <summary>Puts the document together.</summary>
    public static LedgerVerdictDocument Of(LedgerVerdict verdict) => new(verdict.Entries, verdict.HeadHash, verdict.Fault);
}

/// <summary>What the status page tells of the ledger.</summary>
/// <param name="Height">Position of the last entry.</param>
/// <param name="HeadHash">Hash of the last entry.</param>
/// <param name="VerifiedAt">When the chain was last walked; at most once a minute.</param>
/// <param name="Verdict">What that found.</param>
internal sealed record LedgerStateDocument(long Height, string HeadHash, DateTimeOffset VerifiedAt, LedgerVerdictDocument Verdict);

/// <summary>One line of the stream that <c>POST /v1/plan</c> answers; the last one has the plan.</summary>
/// <param name="Progress">A line of what is being done; null in the last.</param>
/// <param name="Plan">The plan; null in all but the last.</param>
internal sealed record PlanLine(string? Progress, PlanDocument? Plan);

/// <summary>What a revision would change.</summary>
/// <param name="Revision">The commit; null when not known.</param>
/// <param name="Toplevel">Store path of its system; null when it does not build.</param>
/// <param name="Changes">What it would change; null when not known.</param>
/// <param name="Failure">Why there is no plan; null when there is one.</param>
internal sealed record PlanDocument(string? Revision, string? Toplevel, ChangesDocument? Changes, string? Failure)
{
    /// <summary>Puts the document together.</summary>
    public static PlanDocument Of(PlanAnswer answer) => new(
        answer.Revision?.Sha, answer.Toplevel?.Path, answer.Plan is { } plan ? ChangesDocument.Of(plan) : null, answer.Failure);
}

/// <summary>Body of <c>POST /v1/sync</c>.</summary>
internal sealed record SyncRequest(string? AllowRewind = null);

/// <summary>Body of <c>POST /v1/suspend</c>.</summary>
internal sealed record SuspendRequest(string? Reason = null);

/// <summary>Body of <c>POST /v1/pin</c>, <c>/v1/plan</c> and <c>/v1/quarantine/release</c>.</summary>
internal sealed record RevisionRequest(string? Revision = null);

/// <summary>Body of <c>POST /v1/rollback</c>.</summary>
internal sealed record RollbackRequest(int? Generation = null);
