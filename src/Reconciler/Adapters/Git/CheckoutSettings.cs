using System.Collections.Immutable;

namespace Reconciler.Adapters.Git;

/// <summary>Where commits are laid out, and what their submodules may use.</summary>
internal sealed record CheckoutSettings
{
    /// <summary>Absolute path of a folder of our own; the work tree is <c>tree</c> in it.</summary>
    public required string Folder { get; init; }

    /// <summary>Schemes submodules may be fetched with, beside the one of the repository's own remote.</summary>
    public ImmutableArray<string> SubmoduleSchemes { get; init; } = ["https", "ssh"];

    /// <summary>How long laying out the files may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long fetching the submodules may take, for each remote that is tried.</summary>
    public TimeSpan SubmoduleTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
