using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Chooses the one revision a host is to run.</summary>
/// <remarks>
/// 1. A pinned host runs its pin.
/// 2. The main branch only goes forward: of the remotes in their order, each tip that is ahead of what was chosen so far, beginning with
///    the last confirmed revision, is taken. A tip that is behind or beside it is held, unless rewinds are allowed or this one was.
/// 3. A testing branch counts while it is ahead of the chosen main revision; a stale one is passed over.
/// 4. A remote that cannot be reached takes no part; the tips it last showed are known history, so they still count.
/// </remarks>
internal static class RevisionSelection
{
    /// <summary>Chooses.</summary>
    /// <param name="git">What the remotes show.</param>
    /// <param name="confirmed">The last confirmed revision of the main branch; null on a host that never confirmed one.</param>
    /// <param name="pin">The revision an operator fixed the host to.</param>
    /// <param name="mayRewindTo">Whether this tip may be taken though it is not ahead.</param>
    /// <param name="lineage">How a tip stands to a base; called only for two different revisions.</param>
    public static Selection Choose(
        GitView git,
        Revision? confirmed,
        Revision? pin,
        Func<Revision, bool> mayRewindTo,
        Func<Revision, Revision, Lineage> lineage)
    {
        if (pin is { } pinned)
        {
            return new Selection.Wanted(new Candidate(pinned, BranchKind.Main, "pin"));
        }

        var heads = git.Remotes.Where(remote => remote.Main is not null).ToList();
        if (heads.Count == 0)
        {
            return new Selection.None(NothingToRead(git));
        }

        Candidate? main = null;
        HoldReason.BranchWentBack? rewound = null;
        foreach (var remote in heads)
        {
            var tip = remote.Main!.Value;
            var chosen = main?.Revision ?? confirmed;
            var relation = chosen is not { } known ? Lineage.Ahead : known == tip ? Lineage.Same : lineage(known, tip);
            var isFirstAtConfirmed = relation == Lineage.Same && main is null;
            var isAllowedRewind = main is null && relation is Lineage.Behind or Lineage.Diverged && mayRewindTo(tip);
            if (relation == Lineage.Ahead || isFirstAtConfirmed || isAllowedRewind)
            {
                main = new Candidate(tip, BranchKind.Main, remote.Name);
            }
            else if (main is null && relation is Lineage.Behind or Lineage.Diverged)
            {
                rewound ??= new HoldReason.BranchWentBack(remote.Name, confirmed!.Value, tip, relation);
            }
        }

        if (main is null)
        {
            return new Selection.None(rewound!);
        }

        var testing = git.Remotes.FirstOrDefault(remote =>
            remote.Testing is { } tip && tip != main.Revision && lineage(main.Revision, tip) == Lineage.Ahead);
        return new Selection.Wanted(testing is null ? main : new Candidate(testing.Testing!.Value, BranchKind.Testing, testing.Name));
    }

    private static HoldReason NothingToRead(GitView git) =>
        git.Remotes.IsEmpty || git.Remotes.All(remote => remote is { Trouble: null, ReachedAt: null })
            ? new HoldReason.NothingFetchedYet()
            : git.Remotes.FirstOrDefault(remote => remote.Trouble is not null) is { } silent
                ? new HoldReason.RepositoryUnreachable(silent.Name, silent.Trouble!.Detail)
                : new HoldReason.BranchMissing(git.Remotes.First(remote => remote.ReachedAt is not null).Name);
}
