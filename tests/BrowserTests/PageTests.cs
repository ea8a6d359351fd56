namespace Reconciler.BrowserTests;

/// <summary>What the page does in a browser.</summary>
public sealed class PageTests(Browser browser)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/deployments")]
    [InlineData("/generations")]
    [InlineData("/ledger")]
    public async Task Page_SaysTheSame_WithoutScripts(string path)
    {
        await using var site = await Scene.Of("rolled-back").StartAsync(Stop);
        await using var with = await browser.OpenAsync(site, path);
        await using var without = await browser.OpenAsync(site, path, scripts: false);

        Assert.Equal(await with.Page.InnerTextAsync("h1"), await without.Page.InnerTextAsync("h1"));
        Assert.Equal(await with.Page.Locator("main table tr").CountAsync(), await without.Page.Locator("main table tr").CountAsync());
        Assert.False(await without.Page.IsVisibleAsync("#live"));
        Assert.Empty(without.Complaints);
    }

    [Fact]
    public async Task Headline_ChangesByItself_WhenTheStatusDoes()
    {
        var tale = new Tale().Many(5).Begin().Plan().Try();
        await using var site = await new FakeSite(Scene.Status(tale, (status, told) => Scene.OnTrial(status, told, 3, passed: true))) { Commits = tale.Commits }.StartAsync(Stop);
        await using var visit = await browser.OpenAsync(site);
        await visit.Page.WaitForSelectorAsync("#live[data-state=on]");
        Assert.Contains("3 rounds", await visit.Page.InnerTextAsync("#trial"), StringComparison.Ordinal);

        site.Show(Scene.Status(tale, (status, told) => Scene.OnTrial(status, told, 4, passed: false)));

        await visit.Page.WaitForFunctionAsync("() => document.querySelector('#trial').innerText.includes('4 rounds')");
        Assert.Contains("failing", await visit.Page.InnerTextAsync("#headline h1"), StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Change_KeepsTheFocusAndWhatIsOpen()
    {
        var tale = new Tale().Many(5).Begin().Plan(plan: Tale.SomePlan with { Packages = [.. Enumerable.Range(1, 30).Select(i => new Model.PackageChange($"p{i}", ["1"], ["2"]))] }).Try();
        await using var site = await new FakeSite(Scene.Status(tale, (status, told) => Scene.OnTrial(status, told, 3, passed: true))).StartAsync(Stop);
        await using var visit = await browser.OpenAsync(site, $"/deployments/{tale.History.Latest!.Id}");
        await visit.Page.WaitForSelectorAsync("#live[data-state=on]");
        await visit.Page.ClickAsync("#packages summary");
        await visit.Page.FocusAsync("#log");

        site.Show(Scene.Status(tale, (status, told) => Scene.OnTrial(status, told, 5, passed: true)));

        await visit.Page.WaitForFunctionAsync("() => document.querySelector('#checks').innerText.includes('5 rounds')");
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.querySelector('#packages').open"));
        Assert.Equal("log", await visit.Page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [Fact]
    public async Task Log_GrowsByItself_AndEnds()
    {
        await using var site = await Scene.Of("building").StartAsync(Stop);
        await using var visit = await browser.OpenAsync(site, $"/deployments/{site.Current.History.Latest!.Id}");
        var before = await visit.Page.InnerTextAsync("#log");

        site.Log(isEnd: false, "one more <b>line</b>", "\u001b[31mand another\u001b[0m");
        await visit.Page.WaitForFunctionAsync("() => document.querySelector('#log').innerText.endsWith('and another\\n')");
        site.Log(isEnd: true, "the last");
        await visit.Page.WaitForFunctionAsync("() => document.querySelector('#log').innerText.endsWith('the last\\n')");

        Assert.Equal(before + "one more <b>line</b>\nand another\nthe last\n", await visit.Page.InnerTextAsync("#log"));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task IdlePage_AsksForNothingAndHasNothingToDo()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        await using var visit = await browser.OpenAsync(site);
        await visit.Page.WaitForSelectorAsync("#live[data-state=on]");
        await visit.Page.WaitForTimeoutAsync(1500);
        var asked = visit.Paths.Count();
        var looks = site.Looks;

        await visit.Page.WaitForTimeoutAsync(2500);

        Assert.Equal((asked, looks), (visit.Paths.Count(), site.Looks));
        Assert.Equal(1, site.Waiting);
    }

    [Fact]
    public async Task HostileTexts_StayTexts()
    {
        const string hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        var tale = new Tale().Many(2).Begin(hostile).Add(new History.LedgerEvent.DeploymentFailed(new Model.Failure.BuildFailed(hostile)), 5);
        await using var site = await new FakeSite(Scene.Status(tale, (status, _) => status with { Trouble = hostile })) { Commits = tale.Commits }.StartAsync(Stop);
        site.Log(isEnd: true, hostile);
        foreach (var path in new[] { "/", "/deployments", $"/deployments/{tale.History.Latest!.Id}" })
        {
            await using var visit = await browser.OpenAsync(site, path);

            Assert.DoesNotContain("owned", await visit.Page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await visit.Page.Locator("main img, main script").CountAsync());
            Assert.Contains("onerror", await visit.Page.InnerTextAsync("main"), StringComparison.Ordinal);
            Assert.Empty(visit.Complaints);
        }
    }

    [Fact]
    public async Task Keyboard_GoesFromSkipLinkThroughNavigationToContent()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        await using var visit = await browser.OpenAsync(site);
        var order = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            order.Add(await visit.Page.EvaluateAsync<string>("() => document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"));
            Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle !== 'none'"), order[^1]);
        }

        Assert.Equal(["Skip to content", "Reconciler web1", "Overview", "Deployments", "Generations", "Ledger"], order[..6]);
        await visit.Page.FocusAsync(".skip");
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await visit.Page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [Fact]
    public async Task Look_FollowsTheSystem()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        var colours = new List<string>();
        await using var visit = await browser.OpenAsync(site);
        foreach (var look in new[] { Look.Light, Look.Dark })
        {
            await visit.TakeAsync(look);
            colours.Add(await visit.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        }

        Assert.Equal(["rgb(250, 250, 248)", "rgb(18, 19, 22)"], colours);
    }
}
