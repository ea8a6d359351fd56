using System.Text;
using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>Trees of the git database.</summary>
internal static class TreesApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("POST", "/git/trees", "contents:write", Create);
        routes.AddRepo("GET", "/git/trees/{sha+}", "contents:read", Get);
    }

    private static ApiAnswer Get(ApiCall call)
    {
        using var git = call.Open();
        var name = call.Value("sha");
        var tree = (GitStore.IsSha(name) ? git.Git.Lookup<Tree>(name) : null) ?? git.Resolve(name)?.Tree;
        return tree is null ? ApiAnswer.NotFound() : ApiAnswer.Ok(Show(call, tree, call.Asked("recursive") is not null));
    }

    private static JsonObject Show(ApiCall call, Tree tree, bool recursive) => new()
    {
        ["sha"] = tree.Sha,
        ["url"] = $"{call.Links.Repo(call.Repository)}/git/trees/{tree.Sha}",
        ["tree"] = Wire.Array(Entries(tree, recursive), x => Entry(call, x)),
        ["truncated"] = false,
    };

    private static IEnumerable<TreeEntry> Entries(Tree tree, bool recursive) => tree.SelectMany(x =>
        recursive && x.TargetType == TreeEntryTargetType.Tree ? Entries((Tree)x.Target, recursive).Prepend(x) : [x]);

    private static JsonObject Entry(ApiCall call, TreeEntry entry)
    {
        var type = entry.TargetType switch { TreeEntryTargetType.Tree => "tree", TreeEntryTargetType.GitLink => "commit", _ => "blob" };
        var json = new JsonObject
        {
            ["path"] = entry.Path,
            ["mode"] = Convert.ToString((int)entry.Mode, 8).PadLeft(6, '0'),
            ["type"] = type,
            ["sha"] = entry.Target.Sha,
        };
        if (type != "commit")
        {
            json["url"] = $"{call.Links.Repo(call.Repository)}/git/{type}s/{entry.Target.Sha}";
        }

        if (entry.Target is Blob blob)
        {
            json["size"] = blob.Size;
        }

        return json;
    }

    private static ApiAnswer Create(ApiCall call)
    {
        using var git = call.Open();
        var definition = new TreeDefinition();
        if (call.Text("base_tree") is { } from)
        {
            var tree = GitStore.IsSha(from) ? git.Git.Lookup<Tree>(from) ?? git.CommitOf(from)?.Tree : null;
            if (tree is null)
            {
                return ApiAnswer.Unprocessable("base_tree is not a valid tree oid");
            }

            definition = TreeDefinition.From(tree);
        }

        foreach (var entry in (call.Body["tree"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (Apply(git, definition, entry) is { } problem)
            {
                return ApiAnswer.Unprocessable(problem);
            }
        }

        return ApiAnswer.Created(Show(call, git.Git.ObjectDatabase.CreateTree(definition), recursive: false));
    }

    private static string? Apply(GitStore git, TreeDefinition definition, JsonObject entry)
    {
        var (path, mode, sha) = ((string?)entry["path"], (string?)entry["mode"], (string?)entry["sha"]);
        if (path is null or "" || path.StartsWith('/') || path.Split('/').Any(x => x is "" or "." or ".." or ".git"))
        {
            return "tree.path contains a malformed path component";
        }

        if (sha is null && entry["content"] is null)
        {
            definition.Remove(path);
            return entry.ContainsKey("sha") ? null : "Must supply a valid tree.sha or tree.content";
        }

        if (mode is not ("100644" or "100755" or "040000" or "160000" or "120000"))
        {
            return "tree.mode must be one of 100644, 100755, 040000, 160000, 120000";
        }

        return AddObject(git, definition, path, (Mode)Convert.ToInt32(mode, 8), sha, (string?)entry["content"]);
    }

    private static string? AddObject(GitStore git, TreeDefinition definition, string path, Mode mode, string? sha, string? content)
    {
        if (sha is null)
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content!));
            definition.Add(path, git.Git.ObjectDatabase.CreateBlob(stream), mode);
            return null;
        }

        if (!GitStore.IsSha(sha))
        {
            return $"tree.sha {sha} is not a valid object id";
        }

        if (mode == Mode.GitLink)
        {
            definition.AddGitLink(path, new ObjectId(sha));
            return null;
        }

        switch (git.Git.Lookup(sha))
        {
            case Blob blob when mode != Mode.Directory:
                definition.Add(path, blob, mode);
                return null;
            case Tree tree when mode == Mode.Directory:
                definition.Add(path, tree);
                return null;
            default:
                return $"tree.sha {sha} is not a valid {(mode == Mode.Directory ? "tree" : "blob")}";
        }
    }
}
