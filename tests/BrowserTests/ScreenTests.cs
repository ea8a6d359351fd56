using Reconciler.Tests.Golden;

namespace Reconciler.BrowserTests;

/// <summary>Every scene in every look: nothing complains, nothing hangs over, nothing foreign is asked for, and nobody is kept out.</summary>
public sealed class ScreenTests(Browser browser)
{
    private static readonly string AxeFile = Path.Combine(GoldenText.RepositoryRoot, "artifacts", "axe-core", "package", "axe.min.js");

    private static readonly string? Shots = Environment.GetEnvironmentVariable("RECONCILER_SHOTS");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, Look> Screens()
    {
        var screens = new TheoryData<string, string, Look>();
        foreach (var look in Enum.GetValues<Look>())
        {
            foreach (var scene in Scene.All)
            {
                screens.Add(scene, "/", look);
            }

            screens.Add("thousand", "/deployments", look);
            screens.Add("busy", "/deployments/latest", look);
            screens.Add("building", "/deployments/latest", look);
            screens.Add("failed", "/deployments/latest", look);
            screens.Add("rolled-back", "/deployments/latest", look);
            screens.Add("calm", "/generations", look);
            screens.Add("empty", "/generations", look);
            screens.Add("empty", "/deployments", look);
            screens.Add("calm", "/ledger", look);
            screens.Add("calm", "/nowhere", look);
        }

        return screens;
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Screen_IsQuietWholeAndForEverybody(string scene, string path, Look look)
    {
        await using var site = await Scene.Of(scene).StartAsync(Stop);
        await using var visit = await browser.OpenAsync(site, At(site, path), look);
        await visit.Page.WaitForSelectorAsync("#live[data-state=on]");

        if (Shots is not null)
        {
            var name = $"{scene}{path.Replace('/', '-').TrimEnd('-')}-{look}.png".ToLowerInvariant();
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Shots, name), FullPage = true });
        }

        Assert.Equal(0, await visit.OverhangAsync());
        Assert.Empty(await visit.AxeAsync(Axe()));
        Assert.Empty(visit.Complaints.Where(complaint => path != "/nowhere" || !complaint.Contains("404", StringComparison.Ordinal)));
        Assert.Empty(visit.Foreign);
    }

    private static string At(FakeSite site, string path) => path.Replace("latest", site.Current.History.Latest?.Id.ToString() ?? "", StringComparison.Ordinal);

    private static string Axe()
    {
        Assert.True(File.Exists(AxeFile), $"{AxeFile} is missing; ./test --only browser fetches it.");
        return File.ReadAllText(AxeFile);
    }
}
