using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>Commits and blobs of the git database.</summary>
internal static class GitObjectsApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("POST", "/git/commits", "contents:write", CreateCommit);
        routes.AddRepo("GET", "/git/commits/{sha}", "contents:read", GetCommit);
        routes.AddRepo("POST", "/git/blobs", "contents:write", CreateBlob);
        routes.AddRepo("GET", "/git/blobs/{sha}", "contents:read", GetBlob);
    }

    private static ApiAnswer GetCommit(ApiCall call)
    {
        using var git = call.Open();
        return git.CommitOf(call.Value("sha")) is { } commit ? ApiAnswer.Ok(CommitJson.Object(commit, call.Repository, call.Links)) : ApiAnswer.NotFound();
    }

    private static ApiAnswer CreateCommit(ApiCall call)
    {
        using var git = call.Open();
        if (call.Text("message") is not { } message || call.Text("tree") is not { } treeSha)
        {
            return ApiAnswer.Unprocessable("Invalid request.\n\n\"message\", \"tree\" weren't supplied.");
        }

        if (!Repositories.GitStore.IsSha(treeSha) || git.Git.Lookup<Tree>(treeSha) is not { } tree)
        {
            return ApiAnswer.Unprocessable("Tree SHA does not exist");
        }

        var parents = (call.Texts("parents") ?? []).Select(git.CommitOf).ToList();
        if (parents.Contains(null))
        {
            return ApiAnswer.Unprocessable("Parent SHA does not exist or is not a commit object");
        }

        var author = Person(call, "author") ?? new Signature(call.Actor.Login, call.Actor.Email, call.Now);
        var committer = Person(call, "committer") ?? author;
        var commit = git.Git.ObjectDatabase.CreateCommit(author, committer, message, tree, parents.OfType<Commit>(), prettifyMessage: false);
        return ApiAnswer.Created(CommitJson.Object(commit, call.Repository, call.Links));
    }

    private static Signature? Person(ApiCall call, string name)
    {
        if (call.Body[name] is not JsonObject person)
        {
            return null;
        }

        var when = DateTimeOffset.TryParse((string?)person["date"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : call.Now;
        return new Signature((string?)person["name"] ?? call.Actor.Login, (string?)person["email"] ?? call.Actor.Email, when);
    }

    private static ApiAnswer CreateBlob(ApiCall call)
    {
        using var git = call.Open();
        var encoding = call.Text("encoding") ?? "utf-8";
        if (call.Text("content") is not { } content || encoding is not ("utf-8" or "base64"))
        {
            return ApiAnswer.Unprocessable("Invalid request.\n\n\"content\" wasn't supplied, or \"encoding\" is neither utf-8 nor base64.");
        }

        if (Bytes(content, encoding) is not { } bytes)
        {
            return ApiAnswer.Unprocessable("content is not valid Base64");
        }

        using var stream = new MemoryStream(bytes);
        var blob = git.Git.ObjectDatabase.CreateBlob(stream);
        return ApiAnswer.Created(new JsonObject { ["url"] = $"{call.Links.Repo(call.Repository)}/git/blobs/{blob.Sha}", ["sha"] = blob.Sha });
    }

    /// <summary>Null when it is no base64; line breaks are.</summary>
    public static byte[]? Bytes(string content, string encoding)
    {
        if (encoding != "base64")
        {
            return Encoding.UTF8.GetBytes(content);
        }

        var buffer = new byte[content.Length];
        return Convert.TryFromBase64String(content, buffer, out var written) ? buffer[..written] : null;
    }

    private static ApiAnswer GetBlob(ApiCall call)
    {
        using var git = call.Open();
        if (!Repositories.GitStore.IsSha(call.Value("sha")) || git.Git.Lookup<Blob>(call.Value("sha")) is not { } blob)
        {
            return ApiAnswer.NotFound();
        }

        return ApiAnswer.Ok(new JsonObject
        {
            ["sha"] = blob.Sha,
            ["node_id"] = Wire.NodeId("Blob", blob.Sha),
            ["size"] = blob.Size,
            ["url"] = $"{call.Links.Repo(call.Repository)}/git/blobs/{blob.Sha}",
            ["content"] = ContentsApi.Base64(blob),
            ["encoding"] = "base64",
        });
    }
}
