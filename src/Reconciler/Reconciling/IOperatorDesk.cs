using Reconciler.Model;

namespace Reconciler.Reconciling;

/// <summary>What operators may ask for. Each request is checked, written to the ledger with who asked, and followed by a look.</summary>
internal interface IOperatorDesk
{
    /// <summary>Looks at all remotes now and reconciles. Returns when the remotes were looked at.</summary>
    /// <param name="allowRewindTo">A tip the operator accepts though the branch did not go forward to it; full or unique short id, or null.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait, not the look.</param>
    Task<DeskAnswer> SyncAsync(string? allowRewindTo, Actor by, CancellationToken cancellationToken);

    /// <summary>Stops new deployments.</summary>
    DeskAnswer Suspend(string reason, Actor by);

    /// <summary>Lets deployments go on; also ends the state in which a failed rollback needs an operator.</summary>
    DeskAnswer Resume(Actor by);

    /// <summary>Fixes the host to a revision: full or short id, branch or tag; null for the one it runs.</summary>
    DeskAnswer Pin(string? revision, Actor by);

    /// <summary>Lets the host follow its branch again.</summary>
    DeskAnswer Unpin(Actor by);

    /// <summary>Lets go of a quarantined revision, by full or unique short id.</summary>
    DeskAnswer Release(string revision, Actor by);

    /// <summary>During a trial: ends it and puts the host back. Otherwise deploys an existing generation; null for the confirmed one before the current.</summary>
    DeskAnswer RollBack(int? generation, Actor by);

    /// <summary>Builds a revision without activating it, and says what it would change. Null for the wanted one.</summary>
    Task<PlanAnswer> PlanAsync(string? revision, Action<string> progress, CancellationToken cancellationToken);
}

/// <summary>What the desk says to a request.</summary>
/// <param name="Accepted">Whether it was written down.</param>
/// <param name="Message">What follows, or why not and what to do instead; one line for people.</param>
internal sealed record DeskAnswer(bool Accepted, string Message);

/// <summary>What the desk says to a request for a plan.</summary>
/// <param name="Revision">The revision that was looked at; null when it is not known.</param>
/// <param name="Toplevel">The built system; null when it does not build.</param>
/// <param name="Plan">What it would change; null when that is not known.</param>
/// <param name="Failure">Why there is no plan; null when there is one.</param>
internal sealed record PlanAnswer(Revision? Revision, Toplevel? Toplevel, SystemPlan? Plan, string? Failure);
