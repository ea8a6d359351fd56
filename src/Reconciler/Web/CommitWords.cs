using System.Collections.Concurrent;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Web.Pages;

namespace Reconciler.Web;

/// <summary>What people want to read of commits. What the mirror said is remembered, since commits never change.</summary>
internal sealed class CommitWords(IGitHistory commits, ForgeLinks? links)
{
    private const int Most = 2000;
    private readonly ConcurrentDictionary<Revision, CommitSummary> _known = new();

    /// <summary>A commit's subject and its page at the forge.</summary>
    public CommitView View(Revision? revision) => revision is { } known ? new CommitView(Of(known)?.Subject, links?.Commit(known)) : new CommitView(null, null);

    /// <summary>A commit's page at the forge; null when there is none.</summary>
    public string? Link(string sha) => Revision.TryParse(sha, out var revision) ? links?.Commit(revision) : null;

    /// <summary>A commit; null when the mirror does not hold it.</summary>
    public CommitSummary? Of(Revision revision)
    {
        if (_known.TryGetValue(revision, out var known))
        {
            return known;
        }

        if (commits.Describe(revision) is not { } summary)
        {
            return null;
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        return _known.GetOrAdd(revision, summary);
    }
}
