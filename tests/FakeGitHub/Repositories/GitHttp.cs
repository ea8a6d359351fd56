using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FakeGitHub.Faults;
using FakeGitHub.Http;
using FakeGitHub.World;
using Microsoft.AspNetCore.Http;

namespace FakeGitHub.Repositories;

/// <summary>Serves the repositories over smart HTTP, with <c>git http-backend</c> as CGI.</summary>
internal sealed partial class GitHttp(GitHubWorld world, RefWatch watch, FaultPlan faults, RequestLog log, SemaphoreSlim gate, TimeProvider clock)
{
    public static bool IsGit(string path) => GitPath().IsMatch(path);

    public async Task ServeAsync(HttpContext context, string address)
    {
        var (path, query) = (context.Request.Path.Value!, context.Request.QueryString.Value ?? "");
        var fault = faults.Take(context.Request.Method, path);
        var number = log.Begin(context.Request.Method, path + query, null, fault);
        Caller? caller = null;
        try
        {
            if (!await FailsAsync(fault, context))
            {
                caller = await ServeRepositoryAsync(context, GitPath().Match(path), address);
            }
        }
        finally
        {
            log.End(number, caller, context.Response.StatusCode);
        }

        if (fault is Fault.DropAfter)
        {
            context.Abort();
        }
    }

    private async Task<bool> FailsAsync(Fault? fault, HttpContext context)
    {
        if (fault is Fault.DropBefore)
        {
            context.Abort();
            return true;
        }

        if (fault is Fault.Slow or Fault.Hang)
        {
            var delay = fault is Fault.Slow slow ? slow.Delay : Timeout.InfiniteTimeSpan;
            await Task.Delay(delay, clock, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return context.RequestAborted.IsCancellationRequested;
        }

        if (fault is null || FaultAnswers.Of(fault, clock.GetUtcNow()) is not { } answer)
        {
            return false;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "text/plain";
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Text ?? (string?)answer.Body?["message"] ?? "", context.RequestAborted);
        return true;
    }

    private async Task<Caller?> ServeRepositoryAsync(HttpContext context, Match path, string address)
    {
        var pushes = path.Groups["rest"].Value == "git-receive-pack" || context.Request.Query["service"] == "git-receive-pack";
        var (caller, _) = Credentials.Read(context.Request.Headers.Authorization.ToString(), world);
        var repository = world.FindRepository($"{path.Groups["owner"].Value}/{path.Groups["repo"].Value}");
        if (repository is null && world.FindRenamed($"{path.Groups["owner"].Value}/{path.Groups["repo"].Value}") is { } moved)
        {
            context.Response.StatusCode = 301;
            context.Response.Headers.Location = $"{address}/{moved.FullName}.git/{path.Groups["rest"].Value}{context.Request.QueryString}";
            return caller;
        }

        if (Refusal(caller, repository, pushes) is not (0, _) and var (status, text))
        {
            await RefuseAsync(context, status, text);
            return caller;
        }

        if (path.Groups["rest"].Value == "git-receive-pack")
        {
            await PushAsync(context, repository!, caller!);
        }
        else
        {
            await RunAsync(context, repository!, path.Groups["rest"].Value);
        }

        return caller;
    }

    private static (int Status, string Text) Refusal(Caller? caller, RepositoryState? repository, bool pushes)
    {
        if (caller is not Caller.WithToken { Means: var token })
        {
            var free = caller is Caller.Anonymous && repository is { Private: false } && !pushes;
            return free ? (0, "") : (401, "remote: Support for password authentication was removed. Use a token.");
        }

        if (repository is null || !token.Reaches(repository))
        {
            return (404, "Repository not found.");
        }

        return token.Allows("contents", pushes) ? (0, "") : (403, "Write access to repository not granted.");
    }

    private static async Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        if (status == 401)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
        }

        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>Nothing else happens during a push, so that what moved is what this push moved.</summary>
    private async Task PushAsync(HttpContext context, RepositoryState repository, Caller caller)
    {
        await gate.WaitAsync(context.RequestAborted);
        try
        {
            var before = Refs(repository);
            await RunAsync(context, repository, "git-receive-pack");
            watch.Moved(repository, RefChange.Between(before, Refs(repository)), caller.Token!.Account);
        }
        finally
        {
            gate.Release();
        }
    }

    private static IReadOnlyDictionary<string, string> Refs(RepositoryState repository)
    {
        using var git = new GitStore(repository.Folder);
        return git.Refs();
    }

    private static async Task RunAsync(HttpContext context, RepositoryState repository, string rest)
    {
        using var process = Process.Start(Backend(context.Request, repository, rest))!;
        var feeding = FeedAsync(context.Request, process.StandardInput);
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

        await context.Response.Body.WriteAsync(bytes.AsMemory(end + 4), context.RequestAborted);
    }

    private static ProcessStartInfo Backend(HttpRequest request, RepositoryState repository, string rest)
    {
        var info = new ProcessStartInfo("git", ["-c", "http.receivepack=true", "-c", "safe.directory=*", "http-backend"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in new[]
        {
            ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_PROJECT_ROOT", Path.GetDirectoryName(repository.Folder)!), ("GIT_HTTP_EXPORT_ALL", "1"),
            ("PATH_INFO", $"/{Path.GetFileName(repository.Folder)}/{rest}"), ("QUERY_STRING", request.QueryString.Value!.TrimStart('?')), ("REQUEST_METHOD", request.Method),
            ("CONTENT_TYPE", request.ContentType ?? ""), ("CONTENT_LENGTH", request.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? ""),
            ("HTTP_CONTENT_ENCODING", request.Headers.ContentEncoding.ToString()), ("REMOTE_USER", "github"), ("REMOTE_ADDR", "127.0.0.1"),
            ("GIT_PROTOCOL", request.Headers["Git-Protocol"].ToString()),
        })
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static async Task FeedAsync(HttpRequest request, StreamWriter input)
    {
        try
        {
            await request.Body.CopyToAsync(input.BaseStream);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // it answered without reading all, or the client went away
        }
        finally
        {
            input.Close();
        }
    }

    [GeneratedRegex(@"^/(?<owner>[^/]+)/(?<repo>[^/]+?)(\.git)?/(?<rest>info/refs|git-upload-pack|git-receive-pack)$")]
    private static partial Regex GitPath();
}
