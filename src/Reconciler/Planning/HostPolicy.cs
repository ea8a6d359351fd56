using System.Collections.Immutable;

namespace Reconciler.Planning;

/// <summary>What the operator allows on this host: the part of the configuration that decisions depend on.</summary>
internal sealed record HostPolicy
{
    /// <summary>How long a trial may last, counted from the end of activation, before it is rolled back.</summary>
    public TimeSpan ConfirmationWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one activation may run before it is ended and called broken.</summary>
    public TimeSpan ActivationLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How much longer than the daemon itself may take the dead-man's switch waits before it puts the host back.</summary>
    public TimeSpan DeadMansGrace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How the health gate counts.</summary>
    public HealthPolicy Health { get; init; } = new();

    /// <summary>When activations may begin; empty means at any time. Several windows add up.</summary>
    public ImmutableArray<MaintenanceWindow> MaintenanceWindows { get; init; } = [];

    /// <summary>When and how the host may be rebooted into a system on trial.</summary>
    public RebootPolicy Reboot { get; init; } = new();

    /// <summary>Whether a branch that went backwards or sideways is followed without asking.</summary>
    public bool AllowRewind { get; init; }

    /// <summary>Whether drift is put right without asking.</summary>
    public bool RepairDrift { get; init; }

    /// <summary>How long to wait after attempts that failed through the world's fault.</summary>
    public Backoff Backoff { get; init; } = new();

    /// <summary>How often activation may be begun for one deployment when reboots or crashes interrupt it.</summary>
    public int TrialAttempts { get; init; } = 2;

    /// <summary>How often moving the boot entry, or putting the host back, is tried before giving up.</summary>
    public int CriticalAttempts { get; init; } = 3;
}
