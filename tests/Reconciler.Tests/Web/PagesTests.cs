using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web.Site;
using Reconciler.Web.Pages;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed partial class PagesTests
{
    /// <summary>Each page over values that hold every case and, in every text, a closing tag and a quote.</summary>
    public static TheoryData<string> Hostile() => ["overview", "deployments", "deployment", "generations", "ledger", "refused"];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Pages_ShowNoTextAsHtml(string page)
    {
        var made = Made(page).Select(markup => markup.ToString()).ToList();

        Assert.NotEmpty(made);
        Assert.Contains(made, html => html.Contains("quote &quot; back", StringComparison.Ordinal));
        Assert.All(made, html =>
        {
            // One script element, and that is the page's own.
            Assert.Equal(1, Scripts().Count(html));
            Assert.DoesNotContain("quote \" back", html, StringComparison.Ordinal);
            Assert.DoesNotContain('\u0001', html);
        });
    }

    [Fact]
    public void Pages_HaveNoStyleAndNoHandlerInThem()
    {
        // The content-security policy would drop them without a word.
        foreach (var html in Hostile().SelectMany(page => Made(page.Data)).Select(markup => markup.ToString()))
        {
            Assert.DoesNotMatch(@"<[^>]*\s(style|on[a-z]+)=", html);
        }
    }

    [Fact]
    public void Overview_OfAHostOnTrial()
    {
        var tale = new Tale().Confirmed().Wait(2).RolledBack().Wait(3).Begin().Plan().Try();
        Check("page-overview-trial", OverviewPage.Of(Overview(Scene.Status(tale, (status, told) => Scene.OnTrial(status, told, 6, passed: false)), tale)));
    }

    [Fact]
    public void Overview_OfANewHost() =>
        Check("page-overview-new", OverviewPage.Of(Overview(Scene.Of("empty").Current, new Tale())));

    [Fact]
    public void Deployment_ThatWasRolledBack()
    {
        var tale = new Tale().Confirmed().Wait(2).RolledBack();
        var status = Scene.Status(tale, (status, _) => status with { Step = new HostStep.Hold(new HoldReason.NothingFetchedYet()) });
        Check("page-deployment-rolled-back", DeploymentPage.Of(new DeploymentView(
            StatusDocument.Of(status, "1.2.3"), DeploymentDocument.Of(tale.History.Latest!, status), new CommitView("postgresql: 17.2", "https://github.com/acme/infra/commit/1"),
            "Ada Lovelace", [("Commit", "https://github.com/acme/infra/commit/1")], new LogTail(["building", "done"], 402, false))));
    }

    [Fact]
    public void Timeline_TellsInWordsWhatItDraws()
    {
        var tale = new Tale().Confirmed().Failed().RolledBack().Confirmed();

        Assert.Equal("The last 4 deployments, oldest first: 2 confirmed, 1 rolled back, 1 failed.", TimelinePicture.InWords([.. Rows(tale)]));
        Assert.Contains("Deployment 2: confirmed, 2 m 5 s", TimelinePicture.Of(Rows(tale), tale.Now).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Timeline_KeepsBarsWithinTheirRoom_HoweverLongTheyTook()
    {
        var tale = new Tale().Confirmed(building: 100_000, trial: 1, waiting: 500_000).Confirmed(building: 5);
        var bars = Bars().Matches(TimelinePicture.Of(Rows(tale), tale.Now).ToString());

        Assert.NotEmpty(bars);
        foreach (Match bar in bars)
        {
            var (y, height) = (double.Parse(bar.Groups["y"].ValueSpan, CultureInfo.InvariantCulture), double.Parse(bar.Groups["height"].ValueSpan, CultureInfo.InvariantCulture));
            Assert.InRange(y, 13.9, 138.1);
            Assert.InRange(y + height, 14, 138.2);
        }
    }

    [Fact]
    public void EveryPhaseAndState_HasALookAndAWord()
    {
        foreach (var phase in EveryCase.Of<DeploymentPhase>())
        {
            var summary = DeploymentSummary.Of(A.Deployment(d => d with { Phase = phase }));
            Assert.NotEmpty(Looks.Word(summary));
            Assert.Equal(phase is DeploymentPhase.Confirmed or DeploymentPhase.Accepted, Looks.Of(summary) == Look.Good);
        }

        Assert.All(Enum.GetValues<HostStateWord>(), state => Assert.NotEmpty(Looks.Word(state)));
        Assert.All(Enum.GetValues<Look>(), look => Assert.Contains("<svg", Glyph.Of(look).ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("needs-operator", "<h1 class=\"said\">the rollback to ")]
    [InlineData("failed", "<h1 class=\"asis\">c53d8e5 is quarantined")]
    [InlineData("calm", "<h1 class=\"said\">up to date at ")]
    public void Headline_SaysNothingTwice_AndLeavesACommitAsItIs(string scene, string beginning) =>
        Assert.Contains(beginning, HeadlinePiece.Of(StatusDocument.Of(Scene.Of(scene).Current, "1.2.3")).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(true, "confirmed", "was told how it ended")]
    [InlineData(false, "onTrial", "is told once it has ended")]
    [InlineData(false, "superseded", "was not told how it ended")]
    public void About_SaysWhetherTheRepositoryWasTold(bool isTold, string phase, string said)
    {
        var view = EveryCase.Of<DeploymentView>()[0];
        var deployment = view.Deployment with { IsTold = isTold, Summary = view.Deployment.Summary with { Phase = phase, Succeeded = isTold ? true : null } };

        Assert.Contains(said, AboutPiece.Of(view with { Deployment = deployment }).ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<Markup> Made(string page) => page switch
    {
        "overview" => EveryCase.Of<OverviewView>().Select(OverviewPage.Of),
        "deployments" => EveryCase.Of<DeploymentsView>().Select(DeploymentsPage.Of),
        "deployment" => EveryCase.Of<DeploymentView>().Select(DeploymentPage.Of),
        "generations" => EveryCase.Of<StatusDocument>().Zip(EveryCase.Of<GenerationsDocument>(), (status, generations) => GenerationsPage.Of(status, generations, sha => "quote \" back" + sha)),
        "ledger" => EveryCase.Of<StatusDocument>().Zip(EveryCase.Of<LedgerStateDocument>(), LedgerPage.Of),
        _ => EveryCase.Of<StatusDocument>().Select(status => RefusedPage.Of(status, 404, "quote \" back </script>")),
    };

    private static OverviewView Overview(HostStatus status, Tale tale) => new(
        StatusDocument.Of(status, "1.2.3"), Rows(tale, status.History), QuarantineDocument.Of(status.History), new CommitView("web: more", null), new CommitView("web: less", "https://github.com/acme/infra/commit/2"));

    private static ImmutableArray<DeploymentRow> Rows(Tale tale) => Rows(tale, tale.History);

    private static ImmutableArray<DeploymentRow> Rows(Tale tale, HostHistory history) =>
        [.. history.Deployments.Values.Reverse().Select(d => new DeploymentRow(DeploymentSummary.Of(d), tale.Commits[d.Revision!.Value].Subject, null, PhaseDocument.Of(d)))];

    // The digits of a file's content are no matter of the page.
    private static void Check(string name, Markup page) => GoldenText.Check(name, Digits().Replace(page.ToString(), "/assets/…/"));

    [GeneratedRegex("</script")]
    private static partial Regex Scripts();

    [GeneratedRegex("/assets/[0-9a-f]+/")]
    private static partial Regex Digits();

    [GeneratedRegex("""<rect class="p-[a-z]+" x="[\d.]+" y="(?<y>-?[\d.]+)" width="\d+" height="(?<height>[\d.]+)"/>""")]
    private static partial Regex Bars();
}
