using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Tests.Adapters.Forge;

/// <summary>A request as a fake forge sees it.</summary>
internal sealed record FakeRequest(string Method, string Path, IQueryCollection Query, JsonNode? Body, string Authorization)
{
    public bool IsChange => Method != "GET";

    /// <summary>A number of the query.</summary>
    public int Number(string name, int otherwise) => int.TryParse(Query[name], CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    public string Text(string name) => Body?[name]?.GetValue<string>() ?? "";
}

/// <summary>An answer of a fake forge.</summary>
internal sealed record FakeAnswer(int Status, JsonNode? Body = null, string ContentType = "application/json; charset=utf-8")
{
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>What is sent in place of a body.</summary>
    public string? Raw { get; init; }

    public FakeAnswer With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}

internal sealed record FakeComment(long Id, string Author)
{
    public required string Body { get; set; }
}

internal sealed record FakePull(long Number, string Branch, string Base, string Title)
{
    public required string Body { get; set; }

    /// <summary>open, closed or merged.</summary>
    public string State { get; set; } = "open";

    public string Sha { get; set; } = new('e', 40);

    public bool IsFromFork { get; set; }

    public List<FakeComment> Comments { get; } = [];
}

internal sealed record FakeStatus(long Id, string Sha, string Name, string State, string Description, string? Link);

internal sealed record FakeDeployment(long Id, string Environment, string Sha)
{
    public required string Status { get; set; }
}

internal sealed record FakeTip(string Sha, string[] Parents, string Message);

/// <summary>
/// A forge in memory, served over http by Kestrel: what it knows, what it was asked, and what goes wrong next. Those who derive from it speak a forge's
/// language.
/// </summary>
internal abstract class FakeForge : IAsyncDisposable
{
    public const string Me = "reconciler-bot";
    public const string Token = "s3cret-token";

    private WebApplication? _app;
    private long _ids = 100;

    public List<FakePull> Pulls { get; } = [];

    public List<FakeStatus> Statuses { get; } = [];

    public List<FakeDeployment> Deployments { get; } = [];

    public Dictionary<string, FakeTip> Branches { get; } = [];

    /// <summary>Every request, in order.</summary>
    public List<FakeRequest> Requests { get; } = [];

    /// <summary>Looks at each request before it is answered; what it returns is the answer.</summary>
    public Func<FakeRequest, FakeAnswer?>? Before { get; set; }

    /// <summary>Told of each request after it did its work; true breaks the connection instead of answering.</summary>
    public Func<FakeRequest, bool>? BreaksAfter { get; set; }

    /// <summary>While set, requests are never answered.</summary>
    public bool Hangs { get; set; }

    /// <summary>Ends when a request hangs.</summary>
    public TaskCompletionSource Hung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The address of its API.</summary>
    public Uri Api => new(Address, ApiPath);

    protected abstract string ApiPath { get; }

    protected abstract string Scheme { get; }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(ServeAsync);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }
    }

    /// <summary>Puts the branch there that takes a revision back.</summary>
    public void AddRevertBranch(Revision bad, string message = "Revert to 1a2b3c4: it failed\n") =>
        Branches[$"reconciler/revert-{bad.Short}"] = new FakeTip(new string('d', 40), [bad.Sha], message);

    /// <summary>Everything people would see, as text.</summary>
    public string Seen() => string.Join(
        '\n',
        [
            .. Statuses.Select(status => $"status {status.Sha[..7]} {status.Name} {status.State} {status.Description}"),
            .. Deployments.Select(deployment => $"deployment {deployment.Environment} {deployment.Sha[..7]} {deployment.Status}"),
            .. Pulls.Select(pull => $"pull {pull.Branch} {pull.State} {pull.Title}\n{pull.Body}\n{string.Join('\n', pull.Comments.Select(c => $"{c.Author}: {c.Body}"))}"),
        ]);

    public long NextId() => ++_ids;

    /// <summary>Answers a request below the API's address.</summary>
    protected abstract FakeAnswer Answer(FakeRequest request);

    /// <summary>A page of a list.</summary>
    protected FakeAnswer Page<T>(FakeRequest request, IEnumerable<T> all, Func<T, JsonNode> document, string size, int most)
    {
        var (page, limit) = (request.Number("page", 1), Math.Min(request.Number(size, 20), most));
        var list = all.ToList();
        var answer = new FakeAnswer(200, new JsonArray([.. list.Skip((page - 1) * limit).Take(limit).Select(document)]));
        return list.Count > limit
            ? answer.With("Link", page * limit < list.Count ? "<https://elsewhere.example/x?page=2>; rel=\"next\", <x>; rel=\"last\"" : "<x>; rel=\"first\"")
            : answer;
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        var request = new FakeRequest(
            context.Request.Method, context.Request.Path.Value!, context.Request.Query, text.Length > 0 ? JsonNode.Parse(text) : null, context.Request.Headers.Authorization.ToString());
        if (Hangs)
        {
            Hung.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Abort();
            return;
        }

        FakeAnswer answer;
        lock (Requests)
        {
            Requests.Add(request);
            answer = Before?.Invoke(request)
                ?? (request.Authorization != $"{Scheme} {Token}" ? new FakeAnswer(401, new JsonObject { ["message"] = "401 Unauthorized" })
                : request.Path.StartsWith($"/{ApiPath}/", StringComparison.Ordinal) ? Answer(request with { Path = request.Path[(ApiPath.Length + 2)..] })
                : new FakeAnswer(404, new JsonObject { ["message"] = "404 Not Found" }));
            if (BreaksAfter?.Invoke(request) == true)
            {
                context.Abort();
                return;
            }
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Raw ?? answer.Body?.ToJsonString() ?? "");
    }
}
