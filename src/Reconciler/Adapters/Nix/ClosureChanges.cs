using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>How two systems differ, their units aside.</summary>
/// <param name="Packages">Packages whose presence or version differs.</param>
/// <param name="Bytes">Size of the new closure in bytes; null when unknown.</param>
/// <param name="BytesBefore">Size of the closure that runs in bytes; null when unknown.</param>
/// <param name="RebootReasons">What takes a reboot to take effect.</param>
internal sealed record ClosureChanges(ImmutableArray<PackageChange> Packages, long? Bytes, long? BytesBefore, ImmutableArray<string> RebootReasons)
{
    /// <summary>A plan of units with these added.</summary>
    public SystemPlan AddedTo(SystemPlan units) =>
        units with { Packages = Packages, ClosureBytes = Bytes, ClosureBytesBefore = BytesBefore, RebootReasons = RebootReasons };
}
