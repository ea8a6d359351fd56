namespace Reconciler.Model;

/// <summary>What people want to read of a commit. All text is the repository's, so treat it as hostile.</summary>
/// <param name="Revision">The commit.</param>
/// <param name="Subject">First line of the message.</param>
/// <param name="Author">Author name, without the address.</param>
/// <param name="When">Commit time.</param>
internal sealed record CommitSummary(Revision Revision, string Subject, string Author, DateTimeOffset When);
