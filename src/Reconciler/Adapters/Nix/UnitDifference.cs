namespace Reconciler.Adapters.Nix;

/// <summary>How two versions of a unit differ, by the rules of <c>switch-to-configuration</c>.</summary>
internal enum UnitDifference
{
    /// <summary>Not at all, or only in what a running unit need not be told.</summary>
    None,

    /// <summary>So that a reload is enough.</summary>
    Reload,

    /// <summary>So that what runs is out of date.</summary>
    Restart,
}
