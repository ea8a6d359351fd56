namespace Reconciler.Model;

/// <summary>Which of the two watched branches a revision was read from.</summary>
internal enum BranchKind
{
    /// <summary>The branch hosts follow for good: confirmed systems become the boot default.</summary>
    Main,

    /// <summary>The host's own testing branch: activated, never made the boot default.</summary>
    Testing,
}
