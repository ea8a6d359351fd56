using System.Globalization;

namespace Reconciler.Model;

/// <summary>Names one deployment: the ledger position of the fact that began it, so it is unique on a host and never reused.</summary>
internal readonly record struct DeploymentId(long Position)
{
    public override string ToString() => Position.ToString(CultureInfo.InvariantCulture);
}
