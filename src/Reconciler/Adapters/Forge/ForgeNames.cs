using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>What things of a host are called at a forge.</summary>
internal static class ForgeNames
{
    /// <summary>The name of one of the host's two statuses on a commit.</summary>
    public static string Status(HostName host, StatusKind kind) => kind == StatusKind.Plan ? $"nixos/{host}/plan" : $"nixos/{host}";

    /// <summary>Whether a branch is one a Reconciler makes to take a revision back.</summary>
    public static bool IsRevertBranch(string? branch) => branch?.StartsWith("reconciler/revert-", StringComparison.Ordinal) == true;

    /// <summary>The address, when it is one that people can follow.</summary>
    public static Uri? Link(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var link) && link.Scheme is "http" or "https" ? link : null;
}
