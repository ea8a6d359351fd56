using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Configuration;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web.Site;
using Reconciler.Web;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed class StatusSiteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Requests_ThatCouldChangeSomething_AreRefused(string method)
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        foreach (var path in new[] { "/", "/api/v1/status", "/nowhere" })
        {
            using var answer = await SendAsync(site, path, new HttpMethod(method));

            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow);
        }
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/deployments", "text/html")]
    [InlineData("/deployments?before=20", "text/html")]
    [InlineData("/deployments/LATEST", "text/html")]
    [InlineData("/deployments/LATEST/log", "text/plain")]
    [InlineData("/generations", "text/html")]
    [InlineData("/ledger", "text/html")]
    [InlineData("/nowhere", "text/html")]
    [InlineData("/api/v1/status", "application/json")]
    [InlineData("/api/v1/events", "text/event-stream")]
    [InlineData("/api/v1/nowhere", "application/json")]
    public async Task Answers_CarryThePolicy_AndHeadHasNoBody(string path, string type)
    {
        await using var site = await Scene.Of("rolled-back").StartAsync(Stop);
        using var answer = await SendAsync(site, At(site, path), HttpMethod.Head);

        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(SiteGuard.ContentSecurityPolicy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Stop));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:9181", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.0.2.7:80", true)]
    [InlineData("[::1]:9181", true)]
    [InlineData("web1", true)]
    [InlineData("status.example.org", true)]
    [InlineData("public.example.org", true)]
    [InlineData("evil.example.org", false)]
    [InlineData("status.example.org.evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public async Task Names_OfOthers_AreNotAnsweredTo(string name, bool known)
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        foreach (var path in new[] { "/", "/api/v1/status", "/api/v1/events", "/deployments/2/log" })
        {
            using var answer = await SendAsync(site, path, HttpMethod.Head, request => request.Headers.Host = name);

            Assert.Equal(known ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/deployments")]
    [InlineData("/deployments/LATEST")]
    [InlineData("/generations")]
    [InlineData("/ledger")]
    [InlineData("/api/v1/status")]
    [InlineData("/api/v1/deployments")]
    [InlineData("/api/v1/deployments/LATEST")]
    [InlineData("/api/v1/ledger")]
    [InlineData("/api/v1/openapi.json")]
    public async Task Answers_AreNotSentAgain_UntilSomethingDiffers(string path)
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        path = At(site, path);
        using var first = await SendAsync(site, path);
        var tag = first.Headers.ETag!;

        site.Show(site.Current with { At = site.Current.At.AddSeconds(7) });
        using var same = await SendAsync(site, path, HttpMethod.Get, request => request.Headers.IfNoneMatch.Add(tag));

        Assert.False(tag.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(tag, same.Headers.ETag);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync(Stop));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/status")]
    public async Task Answers_AreSentAgain_WhenSomethingDiffers(string path)
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        using var first = await SendAsync(site, path);

        site.Show(site.Current with { Trouble = "the state disk is full" });
        using var second = await SendAsync(site, path, HttpMethod.Get, request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Contains("the state disk is full", await second.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/deployments/999999", HttpStatusCode.NotFound)]
    [InlineData("/deployments/x", HttpStatusCode.NotFound)]
    [InlineData("/deployments/999999/log", HttpStatusCode.NotFound)]
    [InlineData("/deployments?before=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/deployments?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/deployments?limit=1001", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/deployments/-1", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/deployments/2/log/events?after=x", HttpStatusCode.BadRequest)]
    [InlineData("/<script>", HttpStatusCode.NotFound)]
    [InlineData("/../etc/passwd", HttpStatusCode.NotFound)]
    public async Task BadRequests_AreToldWhy(string path, HttpStatusCode code)
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        using var answer = await SendAsync(site, path);

        Assert.Equal(code, answer.StatusCode);
        Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stretches_FollowEachOther_AndMissNone()
    {
        await using var site = await Scene.Of("thousand").StartAsync(Stop);
        var ids = new List<long>();
        for (var path = "/deployments"; path is not null;)
        {
            var html = await (await SendAsync(site, path)).Content.ReadAsStringAsync(Stop);
            ids.AddRange(System.Text.RegularExpressions.Regex.Matches(html, "<th scope=\"row\"><a href=\"/deployments/(\\d+)\"").Select(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
            path = System.Text.RegularExpressions.Regex.Match(html, "<a href=\"(/deployments\\?before=\\d+)\" rel=\"next\"") is { Success: true } next ? next.Groups[1].Value : null;
        }

        Assert.Equal(site.Current.History.Deployments.Keys.Reverse(), ids);
    }

    [Fact]
    public async Task Ledger_IsWalkedOnceAMinute_HoweverOftenItIsAskedFor()
    {
        var clock = new FakeTimeProvider(A.Start);
        await using var site = await Scene.Of("calm", clock).StartAsync(Stop);
        for (var i = 0; i < 5; i++)
        {
            await SendAsync(site, "/ledger");
            await SendAsync(site, "/api/v1/ledger");
        }

        Assert.Equal(1, site.Walks);
        site.Fault = "entry 7 was edited";
        clock.Advance(LedgerWalk.Freshness);
        Assert.Contains("entry 7 was edited", await (await SendAsync(site, "/ledger")).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(2, site.Walks);
    }

    [Fact]
    public async Task Log_IsTextWithoutEscapes_AndNeverHtml()
    {
        await using var site = await Scene.Of("rolled-back").StartAsync(Stop);
        site.Log(isEnd: true, "\e[31m<b>red</b>\e[0m");
        using var answer = await SendAsync(site, At(site, "/deployments/LATEST/log"));

        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("\n<b>red</b>\n", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;red", await (await SendAsync(site, At(site, "/deployments/LATEST"))).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assets_MayBeKeptForEver_SinceTheirPathsHaveTheirDigits()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        var html = await (await SendAsync(site, "/")).Content.ReadAsStringAsync(Stop);
        var paths = System.Text.RegularExpressions.Regex.Matches(html, "\"(/assets/[^\"]+)\"").Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(3, paths.Count);
        foreach (var path in paths)
        {
            using var answer = await SendAsync(site, path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task UnixSocket_IsForItsOwnerOnly_WhenThereIsNoGroup()
    {
        using var folder = new TempFolder();
        await using var site = new FakeSite(Scene.Of("calm").Current) { Settings = new PageSettings($"unix:{folder.At("page.sock")}", [], null) };
        await site.StartAsync(Stop);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.At("page.sock")));
    }

    private static string At(FakeSite site, string path) => path.Replace("LATEST", site.Current.History.Latest!.Id.ToString(), StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> SendAsync(FakeSite site, string path, HttpMethod? method = null, Action<HttpRequestMessage>? with = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(site.Address, path));
        with?.Invoke(request);
        return await http.SendAsync(request, Stop);
    }
}
