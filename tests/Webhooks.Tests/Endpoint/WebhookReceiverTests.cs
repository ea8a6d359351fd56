using System.Text;
using Microsoft.AspNetCore.Http;
using Webhooks.Tests.Making;
using Xunit;

namespace Webhooks.Tests.Endpoint;

/// <summary>How a request is judged, and what is told, kept and logged of it.</summary>
public sealed class WebhookReceiverTests : IDisposable
{
    private readonly Desk _desk = new();

    // What hangs fails; nothing here waits for it when all is well.
    private static CancellationToken Timeout => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Handle_HearsADeliveryOnce()
    {
        Assert.Equal((202, "heard"), await _desk.SendAsync("d-1"));
        Assert.Equal((202, "already heard"), await _desk.SendAsync("d-1"));
        Assert.Equal((202, "heard"), await _desk.SendAsync("d-2"));
        await RunUntilAsync(_desk, async () =>
        {
            Assert.Equal(new PushNotice("", "refs/heads/main"), await _desk.Listener.NextAsync(Timeout));
            Assert.Equal(new PushNotice("", "refs/heads/main"), await _desk.Listener.NextAsync(Timeout));
        });
        Assert.False(_desk.Listener.HeardMore);
    }

    [Fact]
    public async Task Handle_AcceptsAgainWhatTheQueueHadNoRoomFor()
    {
        using var desk = new Desk(options => options with { QueueSize = 1 });
        Assert.Equal((202, "heard"), await desk.SendAsync("d-1"));
        Assert.Equal((503, "too much is waiting; send it again later"), await desk.SendAsync("d-2"));
        await RunUntilAsync(desk, () => desk.Listener.NextAsync(Timeout));
        Assert.Equal((202, "heard"), await desk.SendAsync("d-2"));
    }

    [Fact]
    public async Task Handle_DoesNotRememberWhatWasNotGenuine()
    {
        var forged = await _desk.SendAsync("{}", "192.0.2.1", ("X-GitHub-Delivery", "d-1"), ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + new string('0', 64)));
        Assert.Equal((403, "the signature does not match: sender and receiver have different secrets"), forged);
        Assert.Equal((202, "heard"), await _desk.SendAsync("d-1"));
    }

    [Fact]
    public async Task Handle_DoesNotRememberNonsenseOrWhatItIgnores()
    {
        Assert.Equal(400, (await _desk.SendAsync("d-1", "{")).Status);
        Assert.Equal((202, "ignored: this event is not needed"), await _desk.SendAsync("d-1", "{}", "star"));
        Assert.Equal((202, "heard"), await _desk.SendAsync("d-1"));
    }

    [Fact]
    public async Task Handle_RemembersOverARestart()
    {
        await RunUntilAsync(_desk, async () =>
        {
            await _desk.SendAsync("d-1");
            await _desk.Listener.NextAsync(Timeout);
        });
        using var next = new Desk(store: _desk.Store);
        Assert.Equal((202, "already heard"), await next.SendAsync("d-1"));
        Assert.Equal((202, "heard"), await next.SendAsync("d-2"));
    }

    [Fact]
    public async Task Run_SavesAtMostOnceASecondAndOnceMoreAtTheEnd()
    {
        await RunUntilAsync(_desk, async () =>
        {
            await _desk.SendAsync("d-0");
            await Eventually.Async(() => _desk.Store.Saves == 1, Timeout);
            for (var i = 1; i < 100; i++)
            {
                await _desk.SendAsync($"d-{i}");
                await _desk.Listener.NextAsync(Timeout);
            }

            Assert.Equal(1, _desk.Store.Saves);
            await Eventually.Async(
                () =>
                {
                    _desk.Clock.Advance(TimeSpan.FromMilliseconds(100));
                    return _desk.Store.Saves == 2;
                },
                Timeout);
        });
        Assert.Equal(3, _desk.Store.Saves);
        Assert.Equal(100, _desk.Store.Saved.Count);
    }

    [Fact]
    public async Task Run_GoesOnWhenNothingCanBeSaved()
    {
        using var desk = new Desk(store: new FakeStore { Fault = "No space left on device." });
        await RunUntilAsync(desk, async () =>
        {
            Assert.Equal((202, "heard"), await desk.SendAsync("d-1"));
            await desk.Listener.NextAsync(Timeout);
        });
        Assert.Equal((202, "already heard"), await desk.SendAsync("d-1"));
        Assert.Contains("cannot be kept on disk: No space left on device.", desk.Log.Lines.Single(line => line.StartsWith("Warning", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_GoesOnAfterAListenerThatThrows()
    {
        _desk.Listener.Fault = new InvalidOperationException("a bug");
        await RunUntilAsync(_desk, async () =>
        {
            await _desk.SendAsync("d-1");
            await _desk.SendAsync("d-2", "{\"zen\":\"\"}", "ping");
            Assert.Equal(new PingNotice(""), await _desk.Listener.NextAsync(Timeout));
        });
        Assert.Contains(_desk.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handle_ReadsTheSecretsAnewAndWipesThem()
    {
        Assert.Equal(202, (await _desk.SendAsync("d-1")).Status);
        Assert.All(_desk.Secrets.HandedOut, secret => Assert.All(secret, value => Assert.Equal(0, value)));
        _desk.Secrets.Now = ["another"];
        Assert.Equal(403, (await _desk.SendAsync("d-2")).Status);
        _desk.Secrets.Now = ["another", Sign.Secret];
        Assert.Equal(202, (await _desk.SendAsync("d-3")).Status);
    }

    [Fact]
    public async Task Handle_RefusesAllWhileThereIsNoSecret()
    {
        _desk.Secrets.Now = [];
        Assert.Equal((503, "no secret can be read on this host; see its log"), await _desk.SendAsync("d-1"));

        // What is signed with a secret of no characters is signed by anybody.
        _desk.Secrets.Now = [""];
        var body = """{"ref":"refs/heads/main"}""";
        var answer = await _desk.SendAsync(body, "192.0.2.1", ("X-GitHub-Delivery", "d-1"), ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + Sign.Hex(Encoding.UTF8.GetBytes(body), "")));
        Assert.Equal(503, answer.Status);
    }

    [Fact]
    public async Task Handle_RefusesTheEmptySignatureOfAHookWithoutSecret()
    {
        var answer = await _desk.SendAsync("{}", "192.0.2.1", ("X-GitHub-Delivery", "d-1"), ("X-GitHub-Event", "push"), ("X-Gitea-Event", "push"), ("X-Hub-Signature-256", "sha256="));
        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task Handle_WantsADeliveryId()
    {
        var body = """{"ref":"refs/heads/main"}""";
        var answer = await _desk.SendAsync(body, "192.0.2.1", ("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + Sign.Hex(Encoding.UTF8.GetBytes(body))));
        Assert.Equal((400, "a delivery id is needed"), answer);
    }

    [Fact]
    public async Task Handle_ChargesEachSourceAndSaysWhenToComeBack()
    {
        using var desk = new Desk(options => options with { SourceRate = 1, SourceBurst = 2 });
        await desk.SendAsync("d-1");
        await desk.SendAsync("d-2");
        var context = await desk.AnswerAsync("{}", "192.0.2.1");
        Assert.Equal((429, "1"), (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString()));
        Assert.Equal(202, (await desk.SendAsync("d-3", source: "192.0.2.2")).Status);
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(202, (await desk.SendAsync("d-4")).Status);
    }

    [Fact]
    public async Task Handle_ChargesTheRateBeforeItReadsTheBody()
    {
        using var desk = new Desk(options => options with { SourceBurst = 1 });
        await desk.SendAsync("d-1");
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("192.0.2.1");
        context.Request.Method = "POST";
        context.Request.Body = new UnreadableStream();
        await desk.Receiver.HandleAsync(context);
        Assert.Equal(429, context.Response.StatusCode);
    }

    [Fact]
    public async Task Handle_AnswersBugsWithoutShowingThem()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Body = new UnreadableStream();
        context.Response.Body = new MemoryStream();
        await _desk.Receiver.HandleAsync(context);
        Assert.Equal(500, context.Response.StatusCode);
        Assert.Equal("an error on this host; see its log\n", Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()));
        Assert.Equal(1, _desk.Receiver.Status.Counts[WebhookOutcome.Broken]);
    }

    [Fact]
    public async Task Status_TellsWhatWasHeardAndCountsTheRest()
    {
        var since = _desk.Clock.GetUtcNow();
        Assert.Null(_desk.Receiver.Status.LastHeardAt);
        await _desk.SendAsync("d-1", "{}", "ping");
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.SendAsync("d-2");
        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.SendAsync("d-2");
        await _desk.SendAsync("d-3", "{}", "star");
        await _desk.AnswerAsync("{}", "192.0.2.1");
        await _desk.SendAsync("d-4", "{");

        var status = _desk.Receiver.Status;
        Assert.Equal(since, status.Since);
        Assert.Equal(new HeardDelivery(since, "ping", "d-1"), status.LastPing);
        Assert.Equal(new HeardDelivery(since + TimeSpan.FromMinutes(1), "push", "d-2"), status.LastHeard);
        Assert.Equal(since + TimeSpan.FromMinutes(1), status.LastHeardAt);
        Assert.Equal((2, 2), (status.Accepted, status.Refused));
        Assert.Equal(
            "Accepted 2, AlreadyHeard 1, Ignored 1, SignatureMissing 1, Nonsense 1",
            string.Join(", ", status.Counts.Where(count => count.Value > 0).Select(count => $"{count.Key} {count.Value}")));
    }

    [Fact]
    public async Task Handle_LogsRefusalsOnceAMinuteAndNothingThatIsSecret()
    {
        const string Body = "{\"password\":\"hunter2\"}";
        var signature = "sha256=" + Sign.Hex(Encoding.UTF8.GetBytes(Body), "other");
        for (var i = 0; i < 300; i++)
        {
            await _desk.SendAsync(Body, "192.0.2.1", ("X-GitHub-Delivery", "d"), ("X-GitHub-Event", "push\u001b[31m"), ("X-Hub-Signature-256", signature));
        }

        _desk.Clock.Advance(TimeSpan.FromMinutes(1));
        await _desk.SendAsync(Body, "192.0.2.2", ("X-Hub-Signature-256", signature));
        const string Words = "Warning Refused a webhook delivery: SignatureWrong (403: the signature does not match: sender and receiver have different secrets). ";
        Assert.Equal(
            [Words + "1 since this was last said, the latest from 192.0.2.1.", Words + "300 since this was last said, the latest from 192.0.2.2."],
            _desk.Log.Lines);
    }

    [Fact]
    public async Task Handle_HearsCopiesThatArriveTogetherOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _desk.SendAsync("d-1"), Timeout)));
        Assert.Single(answers, answer => answer.Text == "heard");
        Assert.Equal(199, answers.Count(answer => answer.Text == "already heard"));
    }

    [Fact]
    public async Task Handle_TakesFormsWhoseSignatureIsOverTheFormItself()
    {
        var body = "payload=" + Uri.EscapeDataString("""{"ref":"refs/heads/main"}""");
        var answer = await _desk.SendAsync(
            body,
            "192.0.2.1",
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("X-GitHub-Delivery", "d-1"),
            ("X-GitHub-Event", "push"),
            ("X-Hub-Signature-256", "sha256=" + Sign.Hex(Encoding.UTF8.GetBytes(body))));
        Assert.Equal((202, "heard"), answer);
    }

    [Fact]
    public void Constructor_RefusesOptionsThatCannotWork() =>
        Assert.Contains("QueueSize is 0", Assert.Throws<ArgumentException>(() => new Desk(options => options with { QueueSize = 0 })).Message, StringComparison.Ordinal);

    private static async Task RunUntilAsync(Desk desk, Func<Task> done)
    {
        using var stop = new CancellationTokenSource();
        var running = desk.Receiver.RunAsync(stop.Token);
        await done();
        await stop.CancelAsync();
        await running;
    }
}
