using System.Net;
using System.Text;
using Reconciler.Adapters.GitHub;
using Reconciler.Model;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.GitHub;

public sealed class GitHubTransportTests : IDisposable
{
    private const string Token = "ghp_thisIsTheSecretToken1234567890";
    private readonly TempFolder _folder = new();
    private readonly LogLines<GitHubForge> _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    [InlineData(HttpStatusCode.PermanentRedirect)]
    public async Task Redirect_KeepsMethodBodyAndCredentialsOnTheOwnOrigin(HttpStatusCode status)
    {
        using var wire = new ScriptedWire(
            ScriptedWire.Answer(status, "{}", ("Location", "https://api.github.com/repositories/7/labels")), ScriptedWire.Answer(HttpStatusCode.Created));
        using var response = await SendAsync(wire, HttpMethod.Post, "repos/o/r/labels", """{"name":"x"}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(new Uri("https://api.github.com/repositories/7/labels"), wire.Seen[1].Address);
        Assert.Equal(HttpMethod.Post, wire.Seen[1].Method);
        Assert.Equal("""{"name":"x"}""", wire.Seen[1].Body);
        Assert.Equal($"Bearer {Token}", wire.Seen[1].Authorization?.ToString());
    }

    [Fact]
    public async Task Redirect_ShowsNoCredentialsToAnotherOrigin()
    {
        using var wire = new ScriptedWire(
            ScriptedWire.Answer(HttpStatusCode.MovedPermanently, "{}", ("Location", "https://api.github.com:8443/x")), ScriptedWire.Answer(HttpStatusCode.OK));
        using var response = await SendAsync(wire, HttpMethod.Get, "repos/o/r");

        Assert.NotNull(wire.Seen[0].Authorization);
        Assert.Null(wire.Seen[1].Authorization);
    }

    [Fact]
    public async Task Redirect_OfAChangeToAnotherOriginIsNotFollowed()
    {
        using var wire = new ScriptedWire(ScriptedWire.Answer(HttpStatusCode.TemporaryRedirect, "{}", ("Location", "https://elsewhere.example/x")));
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(wire, HttpMethod.Post, "repos/o/r/labels", "{}"));

        Assert.Contains("another server", trouble.Message, StringComparison.Ordinal);
        Assert.Single(wire.Seen);
    }

    [Fact]
    public async Task Redirect_AwayFromTlsIsNotFollowed()
    {
        using var wire = new ScriptedWire(ScriptedWire.Answer(HttpStatusCode.MovedPermanently, "{}", ("Location", "http://api.github.com/x")));
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(wire, HttpMethod.Get, "repos/o/r"));

        Assert.Contains("away from TLS", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_IsFollowedFiveTimesAndNoMore()
    {
        var loop = ScriptedWire.Answer(HttpStatusCode.MovedPermanently, "{}", ("Location", "https://api.github.com/again"));
        using var wire = new ScriptedWire([.. Enumerable.Repeat(loop, 20)]);
        await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(wire, HttpMethod.Get, "again"));

        Assert.Equal(6, wire.Seen.Count);
    }

    [Fact]
    public async Task Get_AsksAgainOnlyForWhatChanged()
    {
        using var wire = new ScriptedWire(
            ScriptedWire.Answer(HttpStatusCode.OK, """{"a":1}""", ("ETag", "\"tag\""), ("Link", "<https://api.github.com/x?page=2>; rel=\"next\"")),
            _ => new HttpResponseMessage(HttpStatusCode.NotModified),
            ScriptedWire.Answer(HttpStatusCode.OK, """{"a":2}""", ("ETag", "\"other\"")));
        using var transport = Transport(wire, new SkippingTime());
        using var first = await SendAsync(transport, HttpMethod.Get, "x");
        using var second = await SendAsync(transport, HttpMethod.Get, "x");
        using var third = await SendAsync(transport, HttpMethod.Get, "x");

        Assert.Equal(["", "\"tag\"", "\"tag\""], wire.Seen.Select(seen => seen.IfNoneMatch));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("""{"a":1}""", await second.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/json", second.Content.Headers.ContentType?.MediaType);
        Assert.Contains("page=2", string.Join("", second.Headers.GetValues("Link")), StringComparison.Ordinal);
        Assert.Equal("""{"a":2}""", await third.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Get_ForgetsTheLongestUnusedOfManyAnswers()
    {
        var answers = Enumerable.Range(0, 67).Select(i => ScriptedWire.Answer(HttpStatusCode.OK, "{}", ("ETag", $"\"{i}\""))).ToArray();
        using var wire = new ScriptedWire(answers);
        using var transport = Transport(wire, new SkippingTime());
        for (var i = 0; i < 65; i++)
        {
            (await SendAsync(transport, HttpMethod.Get, $"x/{i}")).Dispose();
        }

        (await SendAsync(transport, HttpMethod.Get, "x/1")).Dispose();
        (await SendAsync(transport, HttpMethod.Get, "x/0")).Dispose();

        Assert.Equal("\"1\"", wire.Seen[65].IfNoneMatch);
        Assert.Equal("", wire.Seen[66].IfNoneMatch);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "retry-after", "90", 90)]
    [InlineData(HttpStatusCode.Forbidden, "retry-after", "90", 90)]
    [InlineData(HttpStatusCode.TooManyRequests, "x-none", "", 60)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "retry-after", "120", 120)]
    public async Task Limit_ClosesTheGateForAsLongAsAsked(HttpStatusCode status, string header, string value, int seconds)
    {
        var clock = new SkippingTime();
        using var wire = new ScriptedWire(ScriptedWire.Answer(status, "{}", (header, value)), ScriptedWire.Answer(HttpStatusCode.OK));
        using var transport = Transport(wire, clock);
        var asked = clock.GetUtcNow();
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(transport, HttpMethod.Get, "x"));
        var again = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(transport, HttpMethod.Post, "y", "{}"));

        Assert.Equal(asked.AddSeconds(seconds), trouble.NotBefore);
        Assert.Equal(trouble.NotBefore, again.NotBefore);
        Assert.Single(wire.Seen);

        clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(transport, HttpMethod.Get, "x"));
        clock.Advance(TimeSpan.FromTicks(1));
        using var well = await SendAsync(transport, HttpMethod.Get, "x");
        Assert.Equal(HttpStatusCode.OK, well.StatusCode);
    }

    [Fact]
    public async Task PrimaryLimit_IsCountedByGitHubsClock()
    {
        var clock = new SkippingTime();
        var theirs = clock.GetUtcNow().AddHours(5); // the host's clock is five hours slow
        using var wire = new ScriptedWire(ScriptedWire.Answer(
            HttpStatusCode.Forbidden,
            """{"message":"API rate limit exceeded"}""",
            ("x-ratelimit-limit", "5000"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", $"{theirs.AddMinutes(20).ToUnixTimeSeconds()}"),
            ("Date", theirs.ToString("R"))));
        using var transport = Transport(wire, clock);
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(transport, HttpMethod.Get, "x"));

        Assert.Equal(clock.GetUtcNow().AddMinutes(20).AddSeconds(1), trouble.NotBefore);
        Assert.Contains("5000 requests", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondaryLimit_WithoutHeadersWaitsLongerEachTime()
    {
        var clock = new SkippingTime();
        var limit = ScriptedWire.Answer(HttpStatusCode.Forbidden, """{"message":"You have exceeded a secondary rate limit."}""");
        using var wire = new ScriptedWire(limit, limit, limit, ScriptedWire.Answer(HttpStatusCode.OK), limit);
        using var transport = Transport(wire, clock);
        var pauses = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            try
            {
                (await SendAsync(transport, HttpMethod.Get, "x")).Dispose();
            }
            catch (GitHubUnavailableException e)
            {
                pauses.Add((e.NotBefore!.Value - clock.GetUtcNow()).TotalMinutes);
                clock.Advance(e.NotBefore.Value - clock.GetUtcNow());
            }
        }

        Assert.Equal([1, 2, 4, 1], pauses);
    }

    [Fact]
    public async Task Forbidden_WithoutALimitLeavesTheGateOpen()
    {
        using var wire = new ScriptedWire(
            ScriptedWire.Answer(HttpStatusCode.Forbidden, """{"message":"Resource not accessible"}"""), ScriptedWire.Answer(HttpStatusCode.OK));
        using var transport = Transport(wire, new SkippingTime());
        using var refused = await SendAsync(transport, HttpMethod.Get, "x");
        using var well = await SendAsync(transport, HttpMethod.Get, "x");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, well.StatusCode));
    }

    [Fact]
    public async Task LastRequestOfTheHour_IsAnsweredAndClosesTheGate()
    {
        var clock = new SkippingTime();
        using var wire = new ScriptedWire(ScriptedWire.Answer(
            HttpStatusCode.OK, "{}", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", $"{clock.GetUtcNow().AddMinutes(9).ToUnixTimeSeconds()}")));
        using var transport = Transport(wire, clock);
        using var well = await SendAsync(transport, HttpMethod.Get, "x");
        await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(transport, HttpMethod.Get, "x"));

        Assert.Equal(HttpStatusCode.OK, well.StatusCode);
        Assert.Single(wire.Seen);
    }

    [Theory]
    [InlineData("GET", 3)]
    [InlineData("PATCH", 3)]
    [InlineData("POST", 1)]
    public async Task Break_IsTriedAgainOnlyForWhatMayBeSentTwice(string method, int times)
    {
        using var wire = new ScriptedWire([.. Enumerable.Repeat(ScriptedWire.Break(), 5)]);
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(wire, new HttpMethod(method), "x", method == "GET" ? null : "{}"));

        Assert.Equal(times, wire.Seen.Count);
        Assert.Contains("the connection to api.github.com broke", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadGateway_ForAMomentIsNotNoticed()
    {
        var clock = new SkippingTime();
        using var wire = new ScriptedWire(ScriptedWire.Answer(HttpStatusCode.BadGateway), ScriptedWire.Break(), ScriptedWire.Answer(HttpStatusCode.OK)) { Clock = clock };
        using var transport = Transport(wire, clock);
        using var response = await SendAsync(transport, HttpMethod.Get, "x");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(wire.Seen[2].At - wire.Seen[0].At, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Attempt_EndsAtItsTimeLimit()
    {
        var clock = new VirtualTime();
        using var wire = new HangingWire();
        using var transport = Transport(wire, clock);
#pragma warning disable CA2025 // it is waited for
        var sending = SendAsync(transport, HttpMethod.Get, "x");
#pragma warning restore CA2025
        await wire.Began.Task;
        clock.Advance(TimeSpan.FromSeconds(20));
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => sending);

        Assert.Contains("did not answer within 20 s", trouble.Message, StringComparison.Ordinal);
        Assert.NotNull(trouble.NotBefore);
    }

    [Fact]
    public async Task Changes_GoOneAfterTheOtherASecondApart()
    {
        var clock = new SkippingTime();
        using var wire = new ScriptedWire([.. Enumerable.Repeat(ScriptedWire.Answer(HttpStatusCode.Created), 4)]) { Clock = clock };
        using var transport = Transport(wire, clock);
#pragma warning disable CA2025 // all of them are waited for
        var responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SendAsync(transport, HttpMethod.Post, $"x/{i}", "{}")));
#pragma warning restore CA2025

        Assert.All(wire.Seen.Zip(wire.Seen.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(1)));
        Assert.All(responses, response => response.Dispose());
    }

    [Fact]
    public async Task Answer_ThatIsNotTheApisIsTrouble()
    {
        using var wire = new ScriptedWire(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>", Encoding.UTF8, "text/html") });
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(wire, HttpMethod.Get, "x"));

        Assert.Contains("text/html", trouble.Message, StringComparison.Ordinal);
        Assert.Contains("proxies", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_WithoutEndIsNotRead()
    {
        using var wire = new ScriptedWire(
            [.. Enumerable.Repeat<Func<HttpRequestMessage, HttpResponseMessage>>(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) }, 3)]);
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(wire, HttpMethod.Get, "x"));

        Assert.Contains("longer than 32 MiB", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_NamesRequestsAndNoSecret()
    {
        using var wire = new ScriptedWire(
            ScriptedWire.Answer(HttpStatusCode.OK, "{}", ("x-github-request-id", "AB:CD:12")),
            ScriptedWire.Answer(HttpStatusCode.Unauthorized, $$"""{"message":"{{Token}} is bad"}""", ("x-github-request-id", "AB:CD:13")));
        using var transport = Transport(wire, new SkippingTime());
        (await SendAsync(transport, HttpMethod.Get, "repos/o/r")).Dispose();
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(transport, HttpMethod.Get, "repos/o/r?secret=1"));

        Assert.Contains(_log.Lines, line => line.StartsWith("Debug GET /repos/o/r: 200", StringComparison.Ordinal) && line.EndsWith("request AB:CD:12", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.StartsWith("Information GET /repos/o/r: 401", StringComparison.Ordinal) && line.EndsWith("request AB:CD:13", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines.Append(trouble.ToString()), text => text.Contains(Token, StringComparison.Ordinal));
        Assert.Contains("it has expired or was revoked", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_IsReadAtEachUse()
    {
        using var wire = new ScriptedWire(ScriptedWire.Answer(HttpStatusCode.OK), ScriptedWire.Answer(HttpStatusCode.OK));
        using var transport = Transport(wire, new SkippingTime());
        (await SendAsync(transport, HttpMethod.Get, "x")).Dispose();
        await File.WriteAllTextAsync(_folder.At("token"), "another\r\n", Cancellation);
        (await SendAsync(transport, HttpMethod.Get, "x")).Dispose();

        Assert.Equal([Token, "another"], wire.Seen.Select(seen => seen.Authorization?.Parameter));
    }

    [Theory]
    [InlineData(null, "is not there")]
    [InlineData("", "is empty")]
    [InlineData("two tokens", "one token and nothing else")]
    public async Task Token_ThatCannotBeUsedSaysWhyAndSendsNothing(string? content, string words)
    {
        using var wire = new ScriptedWire();
        using var transport = Transport(wire, new SkippingTime());
        File.Delete(_folder.At("token"));
        if (content is not null)
        {
            await File.WriteAllTextAsync(_folder.At("token"), content, Cancellation);
        }

        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => SendAsync(transport, HttpMethod.Get, "x"));

        Assert.Contains(words, trouble.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.At("token"), trouble.Message, StringComparison.Ordinal);
        Assert.Null(trouble.NotBefore);
        Assert.Empty(wire.Seen);
    }

    [Fact]
    public async Task Token_IsNotSentUnencrypted()
    {
        using var wire = new ScriptedWire();
        using var transport = new GitHubTransport(Settings() with { ApiBase = new Uri("http://github.example/api/v3") }, new SkippingTime(), _log, () => wire);
        using var invoker = new HttpMessageInvoker(transport.Handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://github.example/api/v3/user");
        var trouble = await Assert.ThrowsAsync<GitHubUnavailableException>(() => invoker.SendAsync(request, Cancellation));

        Assert.Contains("use https", trouble.Message, StringComparison.Ordinal);
        Assert.Empty(wire.Seen);
    }

    private GitHubTransport Transport(HttpMessageHandler wire, TimeProvider clock)
    {
        File.WriteAllText(_folder.At("token"), Token + "\n");
        return new GitHubTransport(Settings(), clock, _log, () => wire);
    }

    private GitHubSettings Settings() => new()
    {
        Host = new HostName("web1"),
        Owner = "o",
        Repository = "r",
        Branch = "main",
        Access = new GitHubAccess.Token(_folder.At("token")),
    };

    private async Task<HttpResponseMessage> SendAsync(HttpMessageHandler wire, HttpMethod method, string path, string? body = null)
    {
        using var transport = Transport(wire, new SkippingTime());
        return await SendAsync(transport, method, path, body);
    }

    private static async Task<HttpResponseMessage> SendAsync(GitHubTransport transport, HttpMethod method, string path, string? body = null)
    {
        using var invoker = new HttpMessageInvoker(transport.Handler, disposeHandler: false);
        using var request = new HttpRequestMessage(method, new Uri(GitHubSettings.PublicApi, path));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await invoker.SendAsync(request, Cancellation);
    }

    private sealed class HangingWire : HttpMessageHandler
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Began.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException("never");
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => buffer.Length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
