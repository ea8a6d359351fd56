using Reconciler.Tests.Golden;

namespace Reconciler.BrowserTests;

/// <summary>Every scene in every look: nothing complains, nothing hangs over, nothing foreign is asked for, and nobody is kept out.</summary>
public sealed class ScreenTests(Browser browser)
{
    private static readonly string AxeFile = Path.Combine(GoldenText.RepositoryRoot, "artifacts", "axe-core", "package", "axe.min.js");

    private static readonly string? Shots = Environment.GetEnvironmentVariable("RECONCILER_SHOTS");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Screens()
    {
        var screens = new TheoryData<string, string>();
        foreach (var scene in Scene.All)
        {
            screens.Add(scene, "/");
        }

        screens.Add("thousand", "/deployments");
        screens.Add("busy", "/deployments/latest");
        screens.Add("building", "/deployments/latest");
        screens.Add("failed", "/deployments/latest");
        screens.Add("rolled-back", "/deployments/latest");
        screens.Add("calm", "/generations");
        screens.Add("empty", "/deployments");
        screens.Add("calm", "/ledger");
        screens.Add("calm", "/nowhere");
        return screens;
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Screen_IsQuietWholeAndForEverybody(string scene, string path)
    {
        await using var site = await Scene.Of(scene).StartAsync(Stop);
        await using var visit = await browser.OpenAsync(site, At(site, path));
        await visit.Page.WaitForSelectorAsync("#live[data-state=on]");

        foreach (var look in Enum.GetValues<Look>())
        {
            await visit.TakeAsync(look);
            if (Shots is not null)
            {
                var name = $"{scene}{path.Replace('/', '-').TrimEnd('-')}-{look}.png".ToLowerInvariant();
                await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Shots, name), FullPage = true });
            }

            Assert.Equal((look, 0), (look, await visit.OverhangAsync()));
            Assert.Empty((await visit.AxeAsync(Axe(), look)).Select(finding => $"{look}: {finding}"));
        }

        Assert.DoesNotContain(visit.Complaints, complaint => path != "/nowhere" || !complaint.Contains("404", StringComparison.Ordinal));
        Assert.Empty(visit.Foreign);
    }

    [Fact]
    public async Task Watching_SeesWhatIsWrong()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        await using var visit = await browser.OpenAsync(site);
        await visit.Page.EvaluateAsync("""
            () => {
              document.documentElement.removeAttribute("lang");
              document.querySelector("h1").innerHTML = "<span style='width: 5000px'>x</span><img src='https://elsewhere.example/x.png'>";
              document.querySelector("table").className = "";
              document.querySelector(".facts").insertAdjacentHTML("beforeend", "<pre>" + "x".repeat(3000) + "</pre>");
            }
            """);

        Assert.True(await visit.OverhangAsync() > 0);
        Assert.Contains(visit.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal) && complaint.Contains("style", StringComparison.Ordinal));
        Assert.Contains(visit.Complaints, complaint => complaint.Contains("elsewhere.example", StringComparison.Ordinal));
        var findings = await visit.AxeAsync(Axe(), Look.Light);
        Assert.Contains(findings, finding => finding.StartsWith("html-has-lang", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.StartsWith("image-alt", StringComparison.Ordinal));
    }

    private static string At(FakeSite site, string path) => path.Replace("latest", site.Current.History.Latest?.Id.ToString() ?? "", StringComparison.Ordinal);

    private static string Axe()
    {
        Assert.True(File.Exists(AxeFile), $"{AxeFile} is missing; ./test --only browser fetches it.");
        return File.ReadAllText(AxeFile);
    }
}
