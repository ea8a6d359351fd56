using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>Commits whose relations a test states, and a count of what was asked.</summary>
internal sealed class FakeGitHistory : IGitHistory
{
    /// <summary>How every tip stands to every base.</summary>
    public Lineage Lineage { get; set; } = Lineage.Ahead;

    public SignatureVerdict Verdict { get; set; } = new SignatureVerdict.Trusted();

    /// <summary>What a text names.</summary>
    public Dictionary<string, Revision> Names { get; } = [];

    /// <summary>How often lineage was asked for, which walks history.</summary>
    public int Walks { get; private set; }

    public List<(Revision? Confirmed, Revision Tip)> Verified { get; } = [];

    public Lineage Compare(Revision start, Revision tip)
    {
        Walks++;
        return Lineage;
    }

    public CommitSummary? Describe(Revision revision) => null;

    public ImmutableArray<CommitSummary> Between(Revision? start, Revision tip, int limit) => [];

    public Revision? Resolve(string text) => Names.TryGetValue(text, out var revision) ? revision : null;

    public Task<SignatureVerdict> VerifySignaturesAsync(Revision? confirmed, Revision tip, CancellationToken cancellationToken)
    {
        Verified.Add((confirmed, tip));
        return Task.FromResult(Verdict);
    }
}
