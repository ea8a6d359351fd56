using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Which parts of a system only take effect at boot and differ from those that were booted.</summary>
internal static class RebootReasons
{
    private const int LongestParameters = 64 * 1024;
    private static readonly ImmutableArray<string> Linked = ["kernel", "initrd", "kernel-modules", "systemd"];

    /// <summary>Their names, such as <c>kernel</c>; none when what was booted is unknown.</summary>
    public static ImmutableArray<string> Between(StoreFiles store, Toplevel? booted, Toplevel target) =>
        booted is not { } before || before == target ? [] :
        [
            .. Linked.Where(part => Links.Read($"{before}/{part}") != Links.Read($"{target}/{part}")),
            .. Parameters(store, before) == Parameters(store, target) ? ImmutableArray<string>.Empty : ["kernel-params"],
        ];

    private static string Parameters(StoreFiles store, Toplevel toplevel) => store.ReadText($"{toplevel}/kernel-params", LongestParameters)?.Trim() ?? "";
}
