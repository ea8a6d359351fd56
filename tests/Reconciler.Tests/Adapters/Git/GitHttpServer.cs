using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Reconciler.Tests.Adapters.Git;

/// <summary>What a <see cref="GitHttpServer"/> does with the next requests.</summary>
internal enum GitHttpFault
{
    /// <summary>Answers as it should.</summary>
    None,

    /// <summary>Takes the request and never answers.</summary>
    Hang,

    /// <summary>Answers 500.</summary>
    Error,

    /// <summary>Sends half of an answer and closes the connection.</summary>
    Drop,

    /// <summary>Sends its answer a byte at a time.</summary>
    Slow,

    /// <summary>Redirects to <see cref="GitHttpServer.RedirectTo"/>.</summary>
    Redirect,

    /// <summary>Answers 200 with a page for people.</summary>
    Page,

    /// <summary>Answers 200 with the right type and nonsense in it.</summary>
    Nonsense,

    /// <summary>Speaks the first version of the protocol only.</summary>
    OldVersion,
}

/// <summary>Serves the repositories under a folder over smart HTTP, with <c>git http-backend</c> as CGI. Pushing is allowed.</summary>
internal sealed class GitHttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _root;
    private readonly TaskCompletionSource _hung = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    private GitHttpServer(WebApplication app, string root) => (_app, _root) = (app, root);

    /// <summary><c>http://127.0.0.1:port</c>; a repository is <c>Address/name</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>When set, requests must bring it as <c>user:token</c>.</summary>
    public string? Credentials { get; set; }

    public GitHttpFault Fault { get; set; }

    /// <summary>How many requests the fault lasts; null for all.</summary>
    public int? FaultyRequests { get; set; }

    /// <summary>For <see cref="GitHttpFault.Redirect"/>: what comes before <c>/info/refs</c>.</summary>
    public string RedirectTo { get; set; } = "";

    /// <summary>Requests that are still answered before a <see cref="GitHttpFault.Hang"/>.</summary>
    public int HangAfter { get; set; }

    /// <summary>Ends when a request hangs.</summary>
    public Task Hung => _hung.Task;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Authorization headers seen, in order.</summary>
    public List<string> Authorizations { get; } = [];

    public static async Task<GitHttpServer> StartAsync(string root)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var server = new GitHttpServer(app, root);
        app.Run(server.ServeAsync);
        await app.StartAsync();
        server.Address = app.Urls.Single();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var authorization = context.Request.Headers.Authorization.ToString();
        lock (Authorizations)
        {
            Authorizations.Add(authorization);
        }

        var fault = Fault;
        if (FaultyRequests is { } left)
        {
            fault = left > 0 ? fault : GitHttpFault.None;
            FaultyRequests = left - 1;
        }

        switch (fault)
        {
            case GitHttpFault.Hang when HangAfter-- <= 0:
                _hung.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                context.Abort();
                return;
            case GitHttpFault.Error:
                context.Response.StatusCode = 500;
                return;
            case GitHttpFault.Redirect when context.Request.Path.Value!.EndsWith("/info/refs", StringComparison.Ordinal):
                context.Response.Redirect(RedirectTo + "/info/refs" + context.Request.QueryString);
                FaultyRequests ??= 0; // once: the place redirected to is this server too, in most tests
                return;
            case GitHttpFault.Page:
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<html>sign in</html>");
                return;
            case GitHttpFault.Nonsense:
                context.Response.ContentType = "application/x-git-upload-pack-advertisement";
                await context.Response.WriteAsync("zzzz what");
                return;
        }

        if (Credentials is { } credentials && authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            return;
        }

        await RunCgiAsync(context, fault);
    }

    private async Task RunCgiAsync(HttpContext context, GitHttpFault fault)
    {
        var request = context.Request;
        var info = new ProcessStartInfo("git", ["-c", "http.receivepack=true", "-c", "safe.directory=*", "http-backend"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in new[]
        {
            ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_PROJECT_ROOT", _root), ("GIT_HTTP_EXPORT_ALL", "1"), ("PATH_INFO", request.Path.Value!),
            ("QUERY_STRING", request.QueryString.Value!.TrimStart('?')), ("REQUEST_METHOD", request.Method), ("CONTENT_TYPE", request.ContentType ?? ""),
            ("CONTENT_LENGTH", request.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? ""), ("HTTP_CONTENT_ENCODING", request.Headers.ContentEncoding.ToString()),
            ("REMOTE_USER", "tester"), ("REMOTE_ADDR", "127.0.0.1"), ("GIT_PROTOCOL", fault == GitHttpFault.OldVersion ? "" : request.Headers["Git-Protocol"].ToString()),
        })
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        var feeding = FeedAsync(request, process.StandardInput);
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await feeding;
        await process.WaitForExitAsync();
        var bytes = output.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n"))
        {
            var (name, value) = line.Split(": ", 2) is [var n, var v] ? (n, v) : ("", "");
            if (name == "Status")
            {
                context.Response.StatusCode = int.Parse(value[..3], CultureInfo.InvariantCulture);
            }
            else if (name.Length > 0)
            {
                context.Response.Headers[name] = value;
            }
        }

        var body = bytes.AsMemory(end + 4);
        if (fault == GitHttpFault.Drop)
        {
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body[..(body.Length / 2)]);
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        for (var i = 0; fault == GitHttpFault.Slow && i < body.Length; i++)
        {
            await context.Response.Body.WriteAsync(body.Slice(i, 1));
            await context.Response.Body.FlushAsync();
        }

        if (fault != GitHttpFault.Slow)
        {
            await context.Response.Body.WriteAsync(body);
        }
    }

    private static async Task FeedAsync(HttpRequest request, StreamWriter input)
    {
        try
        {
            await request.Body.CopyToAsync(input.BaseStream);
            input.Close();
        }
        catch (IOException)
        {
            // it answered without reading all
        }
    }
}
