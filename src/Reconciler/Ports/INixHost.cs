using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>The machine's systems: what runs, what would boot, and the acts that change it.</summary>
internal interface INixHost
{
    /// <summary>Reads the links. Starts no process.</summary>
    HostState Observe();

    /// <summary>Whether the host can take a system, and what it would change. Changes nothing.</summary>
    /// <remarks>Looks at free space on the store and <c>/boot</c>, other switches under way, switch inhibitors, pre-switch checks and <c>dry-activate</c>.</remarks>
    Task<PreviewOutcome> PreviewAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken);

    /// <summary>Flushes the store to disk; without it a power cut leaves registered paths empty. Null when done.</summary>
    Task<Failure?> FlushStoreAsync(CancellationToken cancellationToken);

    /// <summary>Runs <c>switch-to-configuration test</c> detached from the daemon, and waits for its end.</summary>
    /// <remarks>
    /// When the wait is cancelled, or the daemon dies, the activation goes on and can be found again by its name. An activation of this name
    /// that runs already is joined; one of another name that an earlier daemon left running is waited for first.
    /// </remarks>
    Task<ActivationOutcome> ActivateAsync(ActivationName name, Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken);

    /// <summary>Looks for an activation that was begun.</summary>
    Task<ActivationSighting> FindActivationAsync(ActivationName name, CancellationToken cancellationToken);

    /// <summary>Waits for an activation found running.</summary>
    Task<ActivationOutcome> AwaitActivationAsync(ActivationName name, IDeploymentLog log, CancellationToken cancellationToken);

    /// <summary>Makes a system the profile's current generation. Does nothing more when it is already.</summary>
    Task<ProfileOutcome> SetProfileAsync(Toplevel toplevel, CancellationToken cancellationToken);

    /// <summary>Runs <c>switch-to-configuration boot</c>: makes a system the boot default. Null when done.</summary>
    Task<Failure?> WriteBootEntryAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken);

    /// <summary>The generations of the system profile, newest first. Starts no process.</summary>
    IReadOnlyList<Generation> Generations();

    /// <summary>Keeps the system to come back to from garbage collection, whatever becomes of the profile; replaces the one kept before. Never throws.</summary>
    Task KeepToReturnToAsync(Toplevel toplevel, CancellationToken cancellationToken);

    /// <summary>Keeps a failed system from garbage collection, for debugging; older kept ones beyond a few are let go. Never throws.</summary>
    Task KeepForDebuggingAsync(DeploymentId deployment, Toplevel toplevel, CancellationToken cancellationToken);

    /// <summary>Deletes old generations beyond the configured number, and never the current one or one whose system is protected. Never throws.</summary>
    Task PruneGenerationsAsync(IReadOnlyCollection<Toplevel> protect, CancellationToken cancellationToken);
}

/// <summary>Names one activation on this host, so that it is found again after the daemon restarts.</summary>
/// <param name="Deployment">Its deployment.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
internal readonly record struct ActivationName(DeploymentId Deployment, ActivationPurpose Purpose, int Attempt);

/// <summary>What an activation is for.</summary>
internal enum ActivationPurpose
{
    /// <summary>A trial.</summary>
    Trial,

    /// <summary>Putting the host back.</summary>
    Rollback,

    /// <summary>Putting drift right.</summary>
    Repair,
}

/// <summary>What a preview gave. A closed set.</summary>
internal abstract record PreviewOutcome
{
    private PreviewOutcome() { }

    /// <summary>The host can take it.</summary>
    public sealed record Ready(SystemPlan Plan) : PreviewOutcome;

    /// <summary>It cannot; the failure says whose fault that is.</summary>
    public sealed record Refused(Failure Failure) : PreviewOutcome;
}

/// <summary>What moving the profile gave. A closed set.</summary>
internal abstract record ProfileOutcome
{
    private ProfileOutcome() { }

    /// <summary>The profile points at the system, as this generation.</summary>
    public sealed record Set(int Generation) : ProfileOutcome;

    /// <summary>It could not be moved.</summary>
    public sealed record Failed(Failure Failure) : ProfileOutcome;
}
