namespace Reconciler.HostTests.Making;

/// <summary>What the machine of a test is like.</summary>
public sealed record MachineKind
{
    /// <summary>Follows a flake.</summary>
    public static MachineKind Flake { get; } = new();

    /// <summary>Nix: the attributes of <c>services.reconciler.settings</c> that differ from the usual ones.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Whether the repository is a <c>configuration.nix</c> without a flake.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether it has a disk of its own, of which a power cut loses what was not written yet.</summary>
    public bool HasDisk { get; init; }
}
