using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Planning;

/// <summary>Histories are drawn: a branch grows to the right, and <c>x &lt; a b</c> says that a and b have the parent x.</summary>
public sealed class RevisionSelectionTests
{
    // 1 ── 2 ── 3 ── 4       main
    //      │    └─── t       testing, from 3
    //      └──────── s       testing, from 2: stale once main is at 3
    //      └──────── f ── g  what a force-push put in the place of 3
    private static readonly Dictionary<string, string> ParentOf = new(StringComparer.Ordinal)
    {
        ["2"] = "1",
        ["3"] = "2",
        ["4"] = "3",
        ["t"] = "3",
        ["s"] = "2",
        ["f"] = "2",
        ["g"] = "f",
    };

    [Fact]
    public void Choose_FirstDeployment_TakesTheTip() => Wants("3 main@origin", null, A.Remote(main: "3"));

    [Fact]
    public void Choose_TipIsConfirmed_StaysThere() => Wants("3 main@origin", "3", A.Remote(main: "3"));

    // confirmed     tip
    //     2 ── 3 ── 4
    [Fact]
    public void Choose_TipIsAhead_GoesForward() => Wants("4 main@origin", "2", A.Remote(main: "4"));

    // tip  confirmed
    //  2 ── 3
    [Fact]
    public void Choose_Rewound_Holds() => HoldsBack("origin", "3", "2", Lineage.Behind, A.Remote(main: "2"));

    //      ┌ 3   confirmed
    // 1 ── 2
    //      └ f   tip
    [Fact]
    public void Choose_ForcePushed_Holds() => HoldsBack("origin", "3", "f", Lineage.Diverged, A.Remote(main: "f"));

    [Theory]
    [InlineData("2")]
    [InlineData("f")]
    public void Choose_AllowedRewind_TakesExactlyThatTip(string tip)
    {
        var allowed = RevisionSelection.Choose(View(A.Remote(main: tip)), A.Revision("3"), null, r => r == A.Revision(tip), Lineages);
        var other = RevisionSelection.Choose(View(A.Remote(main: "g")), A.Revision("3"), null, r => r == A.Revision(tip), Lineages);

        Assert.Equal(new Selection.Wanted(A.Candidate(tip)), allowed);
        Assert.IsType<Selection.None>(other);
    }

    // A mirror that lags, under "follow any rewind": the newest of both is still what is wanted.
    //   mirror  confirmed  origin
    //      2 ──── 3 ──────── 4
    [Fact]
    public void Choose_LaggingMirrorAndRewindsAllowed_TakesTheNewest()
    {
        var remotes = View(A.Remote("mirror", main: "2"), A.Remote("origin", main: "4"));

        var chosen = RevisionSelection.Choose(remotes, A.Revision("3"), null, _ => true, Lineages);

        Assert.Equal(new Selection.Wanted(A.Candidate("4")), chosen);
    }

    //  mirror  confirmed
    //     2 ─── 3  origin
    [Fact]
    public void Choose_LaggingMirror_IsPassedOver() => Wants("3 main@origin", "3", A.Remote("mirror", main: "2"), A.Remote("origin", main: "3"));

    //  confirmed  origin  backup
    //     2 ─────── 3 ────── 4
    [Fact]
    public void Choose_SeveralRemotes_TakesTheFurthest() => Wants("4 main@backup", "2", A.Remote("origin", main: "3"), A.Remote("backup", main: "4"));

    [Fact]
    public void Choose_RemotesAgree_TakesTheFirst() => Wants("4 main@origin", "2", A.Remote("origin", main: "4"), A.Remote("backup", main: "4"));

    //           ┌ 3   origin
    // confirmed 2
    //           └ f   backup
    [Fact]
    public void Choose_RemotesDiverge_TheFirstWins() => Wants("3 main@origin", "2", A.Remote("origin", main: "3"), A.Remote("backup", main: "f"));

    [Fact]
    public void Choose_AllRemotesWentBack_TellsOfTheFirst() =>
        HoldsBack("origin", "4", "2", Lineage.Behind, A.Remote("origin", main: "2"), A.Remote("backup", main: "f"));

    // main 3 ── t testing
    [Fact]
    public void Choose_TestingAheadOfMain_TakesTesting() => Wants("t testing@origin", "3", A.Remote(main: "3", testing: "t"));

    //      ┌ s        testing, left behind
    // 1 ── 2 ── 3     main
    [Theory]
    [InlineData("s")] // beside main
    [InlineData("2")] // merged long ago
    [InlineData("3")] // the very tip of main
    public void Choose_StaleTesting_IsPassedOver(string testing) => Wants("3 main@origin", "2", A.Remote(main: "3", testing: testing));

    //           ┌ t      testing
    // 2 ── 3 ── 4        main moved on: testing must be rebased to count again
    [Fact]
    public void Choose_MainOvertakesTesting_GoesBackToMain() => Wants("4 main@origin", "3", A.Remote(main: "4", testing: "t"));

    [Fact]
    public void Choose_TestingOnAnotherRemote_Counts() =>
        Wants("t testing@backup", "3", A.Remote("origin", main: "3", testing: "s"), A.Remote("backup", main: "3", testing: "t"));

    // A testing branch must not carry a host past a main branch that was rewound.
    [Fact]
    public void Choose_MainWentBack_TestingDoesNotCount() => HoldsBack("origin", "3", "2", Lineage.Behind, A.Remote(main: "2", testing: "t"));

    [Fact]
    public void Choose_Pinned_IsThePinWhateverTheRemotesShow()
    {
        var chosen = RevisionSelection.Choose(View(A.Remote(main: "4", testing: "t")), A.Revision("3"), A.Revision("1"), _ => false, Lineages);

        Assert.Equal(new Selection.Wanted(new Candidate(A.Revision("1"), BranchKind.Main, "pin")), chosen);
    }

    [Fact]
    public void Choose_UnreachableWithKnownTip_StillCounts() => Wants("4 main@origin", "3", A.Remote(main: "4", trouble: "timed out"));

    [Fact]
    public void Choose_UnreachableAndNeverSeen_TakesNoPart() =>
        Wants("3 main@backup", "2", A.Remote("origin", trouble: "no route"), A.Remote("backup", main: "3"));

    [Fact]
    public void Choose_NothingFetched_SaysSo()
    {
        var unread = A.Remote() with { ReachedAt = null };

        Assert.IsType<HoldReason.NothingFetchedYet>(None(View()));
        Assert.IsType<HoldReason.NothingFetchedYet>(None(View(unread, unread with { Name = "backup" })));
    }

    [Fact]
    public void Choose_NoneReachable_NamesTheFirstAndItsTrouble() =>
        Assert.Equal(
            new HoldReason.RepositoryUnreachable("origin", "no route"),
            None(View(A.Remote("origin", trouble: "no route"), A.Remote("backup", trouble: "timed out"))));

    [Fact]
    public void Choose_BranchMissing_NamesARemoteThatAnswered()
    {
        Assert.Equal(new HoldReason.BranchMissing("origin"), None(View(A.Remote())));

        var unread = A.Remote("origin") with { ReachedAt = null };
        Assert.Equal(new HoldReason.BranchMissing("backup"), None(View(unread, A.Remote("backup"))));
    }

    [Fact]
    public void Choose_AnyTips_NeverLeavesTheConfirmedHistoryUnasked()
    {
        // Every pair of tips on two remotes, from every confirmed revision: without leave, the main branch only goes forward.
        var names = ParentOf.Keys.Append("1").ToList();
        foreach (var (confirmed, one, two) in from c in names from a in names from b in names select (c, a, b))
        {
            var chosen = RevisionSelection.Choose(
                View(A.Remote("one", main: one), A.Remote("two", main: two)), A.Revision(confirmed), null, _ => false, Lineages);
            if (chosen is Selection.Wanted { Candidate: var candidate })
            {
                Assert.True(
                    candidate.Revision == A.Revision(confirmed) || Lineages(A.Revision(confirmed), candidate.Revision) == Lineage.Ahead,
                    $"confirmed {confirmed}, tips {one} and {two}: {candidate}");
            }
        }
    }

    private static void Wants(string expected, string? confirmed, params RemoteView[] remotes)
    {
        var chosen = RevisionSelection.Choose(View(remotes), confirmed is null ? null : A.Revision(confirmed), null, _ => false, Lineages);

        var candidate = Assert.IsType<Selection.Wanted>(chosen).Candidate;
        Assert.Equal(expected, $"{NameOf(candidate.Revision)} {candidate.Branch.ToString().ToLowerInvariant()}@{candidate.Remote}");
    }

    private static void HoldsBack(string remote, string confirmed, string tip, Lineage lineage, params RemoteView[] remotes)
    {
        var chosen = RevisionSelection.Choose(View(remotes), A.Revision(confirmed), null, _ => false, Lineages);

        var expected = new HoldReason.BranchWentBack(remote, A.Revision(confirmed), A.Revision(tip), lineage);
        Assert.Equal(expected, Assert.IsType<Selection.None>(chosen).Reason);
    }

    private static HoldReason None(GitView view) => Assert.IsType<Selection.None>(RevisionSelection.Choose(view, null, null, _ => false, Lineages)).Reason;

    private static GitView View(params RemoteView[] remotes) => new([.. remotes]);

    private static Lineage Lineages(Revision from, Revision tip)
    {
        var (one, other) = (NameOf(from), NameOf(tip));
        Assert.NotEqual(one, other); // the contract: asked only of two different revisions
        return Ancestors(other).Contains(one) ? Lineage.Ahead : Ancestors(one).Contains(other) ? Lineage.Behind : Lineage.Diverged;
    }

    private static IEnumerable<string> Ancestors(string? name)
    {
        while (name is not null && ParentOf.TryGetValue(name, out name))
        {
            yield return name;
        }
    }

    private static string NameOf(Revision revision) => ParentOf.Keys.Append("1").Single(name => A.Revision(name) == revision);
}
