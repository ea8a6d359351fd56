using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>Files and folders of a branch.</summary>
internal static class ContentsApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/contents/", "contents:read", call => Get(call, ""));
        routes.AddRepo("GET", "/contents", "contents:read", call => Get(call, ""));
        routes.AddRepo("GET", "/contents/{path+}", "contents:read", call => Get(call, call.Value("path").Trim('/')));
        routes.AddRepo("PUT", "/contents/{path+}", "contents:write", Put);
    }

    /// <summary>In lines of 60, as GitHub writes it.</summary>
    public static string Base64(Blob blob)
    {
        using var content = blob.GetContentStream();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return string.Concat(Convert.ToBase64String(bytes.ToArray()).Chunk(60).Select(x => $"{new string(x)}\n"));
    }

    private static ApiAnswer Get(ApiCall call, string path)
    {
        using var git = call.Open();
        var name = call.Asked("ref") ?? call.Repository.DefaultBranch;
        if (git.Resolve(name) is not { } commit)
        {
            return ApiAnswer.Error(404, $"No commit found for the ref {name}");
        }

        if (path.Length == 0)
        {
            return ApiAnswer.Ok(Wire.Array(commit.Tree, x => Item(call, name, x)));
        }

        return commit[path] switch
        {
            null => ApiAnswer.NotFound(),
            { Target: Tree folder } => ApiAnswer.Ok(Wire.Array(folder, x => Item(call, name, x))),
            { Target: Blob blob } when call.Accept.Contains(".raw", StringComparison.Ordinal) =>
                new ApiAnswer(200) { Text = blob.GetContentText(), ContentType = "application/vnd.github.raw+json; charset=utf-8" },
            var entry => ApiAnswer.Ok(File(call, name, entry)),
        };
    }

    private static JsonObject File(ApiCall call, string name, TreeEntry entry)
    {
        var json = Item(call, name, entry);
        if (entry is { Mode: Mode.SymbolicLink, Target: Blob link })
        {
            json["target"] = link.GetContentText();
        }
        else if (entry.Target is Blob blob)
        {
            json["content"] = Base64(blob);
            json["encoding"] = "base64";
        }
        else
        {
            json["submodule_git_url"] = call.Links.Html;
        }

        return json;
    }

    private static JsonObject Item(ApiCall call, string name, TreeEntry entry)
    {
        var path = Uri.EscapeDataString(entry.Path).Replace("%2F", "/", StringComparison.Ordinal);
        var (repo, page) = (call.Links.Repo(call.Repository), call.Links.Page(call.Repository));
        var (url, kind) = ($"{repo}/contents/{path}?ref={Uri.EscapeDataString(name)}", entry.Target is Tree ? "tree" : "blob");
        var (gitUrl, html) = ($"{repo}/git/{kind}s/{entry.Target.Sha}", $"{page}/{kind}/{name}/{path}");
        return new JsonObject
        {
            ["name"] = entry.Name,
            ["path"] = entry.Path,
            ["sha"] = entry.Target.Sha,
            ["size"] = entry.Target is Blob blob ? blob.Size : 0,
            ["url"] = url,
            ["html_url"] = html,
            ["git_url"] = gitUrl,
            ["download_url"] = entry.Target is Blob ? $"{page}/raw/{name}/{path}" : null,
            ["type"] = (entry.Mode, entry.TargetType) switch
            {
                (Mode.SymbolicLink, _) => "symlink",
                (_, TreeEntryTargetType.Tree) => "dir",
                (_, TreeEntryTargetType.GitLink) => "submodule",
                _ => "file",
            },
            ["_links"] = new JsonObject { ["self"] = url, ["git"] = gitUrl, ["html"] = html },
        };
    }

    private static ApiAnswer Put(ApiCall call)
    {
        using var git = call.Open();
        var (path, branch) = (call.Value("path"), call.Text("branch") ?? call.Repository.DefaultBranch);
        if (call.Text("message") is not { } message || call.Text("content") is not { } content || GitObjectsApi.Bytes(content, "base64") is not { } bytes)
        {
            return ApiAnswer.Unprocessable("Invalid request.\n\n\"message\" and \"content\" in Base64 must be supplied.");
        }

        var tip = git.TipOf(branch);
        if (tip is null && git.Git.Refs.Any(x => x is DirectReference))
        {
            return ApiAnswer.Error(404, $"Branch {branch} not found");
        }

        var old = tip?[path];
        if (old is not null && call.Text("sha") is null)
        {
            return ApiAnswer.Unprocessable("Invalid request.\n\n\"sha\" wasn't supplied.");
        }

        if (call.Text("sha") is { } expected && expected != old?.Target.Sha)
        {
            return ApiAnswer.Error(409, $"{path} does not match {expected}");
        }

        var commit = Commit(call, git, tip, path, bytes, message, old?.Mode ?? Mode.NonExecutableFile);
        git.SetRef($"refs/heads/{branch}", commit.Id);
        call.Watch.Moved(call.Repository, [new RefChange($"refs/heads/{branch}", tip?.Sha ?? GitStore.NoSha, commit.Sha)], call.Actor);
        return new ApiAnswer(old is null ? 201 : 200, Written(call, branch, commit, path));
    }

    private static Commit Commit(ApiCall call, GitStore git, Commit? tip, string path, byte[] bytes, string message, Mode mode)
    {
        using var stream = new MemoryStream(bytes);
        var tree = tip is null ? new TreeDefinition() : TreeDefinition.From(tip.Tree);
        tree.Add(path, git.Git.ObjectDatabase.CreateBlob(stream), mode);
        var who = new Signature(call.Actor.Login, call.Actor.Email, call.Now);
        return git.Git.ObjectDatabase.CreateCommit(who, who, message, git.Git.ObjectDatabase.CreateTree(tree), tip is null ? [] : [tip], prettifyMessage: false);
    }

    private static JsonObject Written(ApiCall call, string branch, Commit commit, string path)
    {
        var made = CommitJson.Object(commit, call.Repository, call.Links);
        return new JsonObject { ["content"] = Item(call, branch, commit[path]), ["commit"] = made };
    }
}
