namespace Reconciler.Adapters.Nix;

/// <summary>Keeps a build that nobody has agreed to yet from getting in the way of what the host is there for.</summary>
/// <remarks>
/// Where systemd runs, evaluation and builders share one scope, which the kernel holds to the limits. Builders are beyond it where nix is told to
/// leave them to its daemon (<c>NIX_REMOTE=daemon</c>): then only the evaluation is held. Without systemd, only the priority is lowered.
/// </remarks>
internal sealed record NixBuildLimits
{
    /// <summary>All processes of the build together may use this many bytes of memory, and no swap; beyond it they are all killed.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The Nix store.</summary>
    public string StoreDirectory { get; init; } = "/nix/store";

    /// <summary>Nothing is built with fewer bytes free on the store's file system; 0 asks for nothing.</summary>
    public long MinimumStoreFree { get; init; }

    /// <summary>Where the scope is. Its weights count against the others in it, so a slice of its own would make it as heavy as all services.</summary>
    public string Slice { get; init; } = "system.slice";

    /// <summary>Exists where systemd runs.</summary>
    public string SystemdDirectory { get; init; } = "/run/systemd/system";

    /// <summary>Tells which service the daemon is, so that the build ends with it.</summary>
    public string ControlGroupFile { get; init; } = "/proc/self/cgroup";
}
