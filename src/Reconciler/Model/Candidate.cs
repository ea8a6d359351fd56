namespace Reconciler.Model;

/// <summary>A revision that selection allows, and where it was read.</summary>
/// <param name="Revision">The commit.</param>
/// <param name="Branch">The kind of branch it is the tip of.</param>
/// <param name="Remote">The remote's configured name.</param>
internal sealed record Candidate(Revision Revision, BranchKind Branch, string Remote);
