using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Which parts of a system only take effect at boot and differ from those that were booted.</summary>
internal static class RebootReasons
{
    private const int LongestParameters = 64 * 1024;
    private static readonly ImmutableArray<string> Linked = ["kernel", "initrd", "kernel-modules", "systemd"];

    /// <summary>Their names, such as <c>kernel</c>; none when what was booted is unknown.</summary>
    public static ImmutableArray<string> Between(Toplevel? booted, Toplevel target) =>
        booted is not { } before || before == target ? [] :
        [
            .. Linked.Where(part => Links.Read($"{before}/{part}") != Links.Read($"{target}/{part}")),
            .. Parameters(before) == Parameters(target) ? ImmutableArray<string>.Empty : ["kernel-params"],
        ];

    private static string Parameters(Toplevel toplevel)
    {
        try
        {
            using var reader = new StreamReader($"{toplevel}/kernel-params");
            var buffer = new char[LongestParameters];
            return new string(buffer, 0, reader.ReadBlock(buffer)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
