using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>What activating a system would change on this host.</summary>
internal sealed record SystemPlan
{
    /// <summary>Units that would be stopped.</summary>
    public ImmutableArray<string> Stop { get; init; } = [];

    /// <summary>Units that would be started.</summary>
    public ImmutableArray<string> Start { get; init; } = [];

    /// <summary>Units that would be restarted.</summary>
    public ImmutableArray<string> Restart { get; init; } = [];

    /// <summary>Units that would be reloaded.</summary>
    public ImmutableArray<string> Reload { get; init; } = [];

    /// <summary>Changed units that are left running as they are.</summary>
    public ImmutableArray<string> LeftAlone { get; init; } = [];

    /// <summary>Packages whose presence or version differs.</summary>
    public ImmutableArray<PackageChange> Packages { get; init; } = [];

    /// <summary>Size of the new closure in bytes; null when unknown.</summary>
    public long? ClosureBytes { get; init; }

    /// <summary>Size of the closure that runs now in bytes; null when unknown.</summary>
    public long? ClosureBytesBefore { get; init; }

    /// <summary>Why a reboot is needed for all of it to take effect, such as <c>kernel</c>; empty when it is not.</summary>
    public ImmutableArray<string> RebootReasons { get; init; } = [];

    /// <summary>Whether no unit and no package differs.</summary>
    public bool ChangesNothing => Stop.IsEmpty && Start.IsEmpty && Restart.IsEmpty && Reload.IsEmpty && LeftAlone.IsEmpty && Packages.IsEmpty;
}

/// <summary>A package that differs between two systems.</summary>
/// <param name="Name">Its name without version.</param>
/// <param name="Before">Versions before; empty when it was added. A store path without a version counts as <c>ε</c>.</param>
/// <param name="After">Versions after; empty when it was removed.</param>
internal sealed record PackageChange(string Name, ImmutableArray<string> Before, ImmutableArray<string> After);
