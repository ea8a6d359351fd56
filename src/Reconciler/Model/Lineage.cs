namespace Reconciler.Model;

/// <summary>How a tip stands to a base commit.</summary>
internal enum Lineage
{
    /// <summary>They are one commit.</summary>
    Same,

    /// <summary>The tip has the base among its ancestors: history went forward.</summary>
    Ahead,

    /// <summary>The base has the tip among its ancestors: the branch was rewound.</summary>
    Behind,

    /// <summary>Neither is an ancestor of the other: the branch was force-pushed.</summary>
    Diverged,
}
