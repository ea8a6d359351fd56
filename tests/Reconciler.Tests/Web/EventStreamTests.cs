using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Web.Site;
using Reconciler.Web;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed class EventStreamTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_TellTheStatusNow_AndEachThatDiffers()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        await using var reader = await Reader.OpenAsync(site, "/api/v1/events");
        var first = await reader.NextAsync();

        site.Show(site.Current with { At = site.Current.At.AddMinutes(1), DecidedAt = site.Current.At.AddMinutes(1) });
        site.Show(site.Current with { Trouble = "the state disk is full" });
        var second = await reader.NextAsync();

        Assert.Equal("status", first.Name);
        Assert.Contains("\"state\":\"upToDate\"", first.Data, StringComparison.Ordinal);
        Assert.Contains("the state disk is full", second.Data, StringComparison.Ordinal);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task Events_AreNotRepeated_ToWhoeverComesBack()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        string seen;
        await using (var reader = await Reader.OpenAsync(site, "/api/v1/events"))
        {
            seen = (await reader.NextAsync()).Id;
        }

        await using var again = await Reader.OpenAsync(site, "/api/v1/events", seen);
        site.Show(site.Current with { Trouble = "news" });

        Assert.Contains("news", (await again.NextAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ShowsThatItLives_WhileNothingHappens()
    {
        var clock = new VirtualTime();
        await using var site = await Scene.Of("calm", clock).StartAsync(Stop);
        await using var reader = await Reader.OpenAsync(site, "/api/v1/events");
        await reader.NextAsync();
        while (await clock.NextWaitAsync(Stop) != EventStream.Heartbeat)
        {
        }

        // The first wait may have been for the event above; then the stream waits anew.
        var sign = reader.LineAsync();
        while (!sign.IsCompleted)
        {
            clock.Advance(EventStream.Heartbeat);
            await Task.Yield();
        }

        Assert.Equal(":", await sign);
    }

    [Fact]
    public async Task Readers_AreBounded_AndTheirPlaceIsGivenBack()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        var readers = new List<Reader>();
        for (var i = 0; i < EventStream.MostReaders; i++)
        {
            readers.Add(await Reader.OpenAsync(site, "/api/v1/events"));
            await readers[^1].NextAsync();
        }

        using var http = new HttpClient();
        using (var refused = await http.GetAsync(new Uri(site.Address, "/api/v1/events"), HttpCompletionOption.ResponseHeadersRead, Stop))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        Assert.Equal(1, site.Waiting);
        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }

        HttpStatusCode code;
        do
        {
            using var answer = await http.GetAsync(new Uri(site.Address, "/api/v1/events"), HttpCompletionOption.ResponseHeadersRead, Stop);
            code = answer.StatusCode;
        }
        while (code != HttpStatusCode.OK);
    }

    [Fact]
    public async Task Reader_ThatIsTooSlow_IsDropped()
    {
        var clock = new VirtualTime();
        var stream = new EventStream(clock, CancellationToken.None);
        var life = new Life();
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Features.Set<IHttpRequestLifetimeFeature>(life);
        context.Response.Body = new Stuck();
        var sending = stream.SendAsync(context, _ => AsyncEnumerable.Empty<SiteEvent>());
        Assert.Equal((EventStream.Patience, 1), (await clock.NextWaitAsync(Stop), stream.Readers));

        clock.Advance(EventStream.Patience);
        await sending;

        Assert.True(life.IsAborted);
        Assert.Equal(0, stream.Readers);
    }

    [Fact]
    public async Task Log_IsFollowedFromALineOn_ToItsEnd()
    {
        await using var site = await Scene.Of("building").StartAsync(Stop);
        site.Log(isEnd: false, "a", "b");
        var id = site.Current.History.Latest!.Id;
        var lines = 0;
        await foreach (var line in site.ReadAsync(id, follow: false, Stop))
        {
            lines += line.Length > 0 ? 1 : 0;
        }

        await using var reader = await Reader.OpenAsync(site, $"/api/v1/deployments/{id}/log/events?after={lines - 1}");
        Assert.Equal(("line", $"{lines}", "b"), await reader.NextAsync());
        site.Log(isEnd: true, "<c>");
        Assert.Equal(("line", $"{lines + 1}", "<c>"), await reader.NextAsync());
        Assert.Equal("end", (await reader.NextAsync()).Name);
    }

    [Fact]
    public async Task Stop_EndsStreams()
    {
        var site = await Scene.Of("calm").StartAsync(Stop);
        await using var reader = await Reader.OpenAsync(site, "/api/v1/events");
        await reader.NextAsync();

        await site.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(4), Stop);

        Assert.Null(await reader.LineAsync());
    }

    [Fact]
    public void Event_IsOneMessage_WhateverItsDataHas() =>
        Assert.Equal("id: 7\nevent: line\ndata: a\ndata: event: b\ndata: c\n\n", System.Text.Encoding.UTF8.GetString(new SiteEvent("line", "7", "a\r\nevent: b\rc").ToBytes()));

    /// <summary>Reads a stream as a browser does.</summary>
    private sealed class Reader(HttpClient http, HttpResponseMessage answer, StreamReader text) : IAsyncDisposable
    {
        public static async Task<Reader> OpenAsync(FakeSite site, string path, string? seen = null)
        {
            var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Address, path));
            request.Headers.TryAddWithoutValidation("Last-Event-ID", seen);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
            return new Reader(http, answer, new StreamReader(await answer.Content.ReadAsStreamAsync(Stop)));
        }

        public async Task<string?> LineAsync()
        {
            string? line;
            do
            {
                line = await text.ReadLineAsync(Stop);
            }
            while (line is "" || line?.StartsWith("retry:", StringComparison.Ordinal) == true);
            return line;
        }

        public async Task<(string Name, string Id, string Data)> NextAsync()
        {
            var (name, id, data) = ("", "", "");
            while (true)
            {
                var line = await text.ReadLineAsync(Stop) ?? throw new EndOfStreamException();
                (name, id, data) = line.Split(": ", 2) switch
                {
                    ["event", var value] => (value, id, data),
                    ["id", var value] => (name, value, data),
                    ["data", var value] => (name, id, data + value),
                    _ => (name, id, data),
                };
                if (line.Length == 0 && name.Length > 0)
                {
                    return (name, id, data);
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            text.Dispose();
            answer.Dispose();
            http.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Life : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }

    /// <summary>Takes nothing, ever.</summary>
    private sealed class Stuck : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
