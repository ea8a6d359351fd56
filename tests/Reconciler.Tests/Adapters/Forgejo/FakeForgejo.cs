using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reconciler.Tests.Adapters.Forge;

namespace Reconciler.Tests.Adapters.Forgejo;

/// <summary>Speaks as Forgejo and Gitea do, after the shapes their API documents.</summary>
internal sealed class FakeForgejo : FakeForge
{
    private const string Repository = "repos/ann/hosts";

    protected override string ApiPath => "api/v1";

    protected override string Scheme => "token";

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Path == "user")
        {
            return new FakeAnswer(200, new JsonObject { ["id"] = 7, ["login"] = Me });
        }

        if (!request.Path.StartsWith(Repository, StringComparison.Ordinal))
        {
            return NotFound();
        }

        var path = request.Path[Repository.Length..].TrimStart('/');
        return (request.Method, path.Split('/')) switch
        {
            ("GET", [""]) => new FakeAnswer(200, JsonNode.Parse("""{"full_name":"ann/hosts","archived":false,"has_pull_requests":true,"permissions":{"admin":false,"push":true,"pull":true}}""")),
            ("GET", ["statuses", var sha]) => Page(request, Statuses.Where(s => s.Sha == sha).Reverse(), Document, "limit", 50),
            ("POST", ["statuses", var sha]) => AddStatus(request, sha),
            ("GET", ["branches", ..]) => Branches.TryGetValue(path["branches/".Length..], out var tip)
                ? new FakeAnswer(200, new JsonObject { ["name"] = path["branches/".Length..], ["commit"] = new JsonObject { ["id"] = tip.Sha, ["message"] = tip.Message } })
                : NotFound(),
            ("GET", ["git", "commits", var sha]) => Branches.Values.FirstOrDefault(b => b.Sha == sha) is { } tip
                ? new FakeAnswer(200, new JsonObject
                {
                    ["sha"] = sha,
                    ["commit"] = new JsonObject { ["message"] = tip.Message },
                    ["parents"] = new JsonArray([.. tip.Parents.Select(p => new JsonObject { ["sha"] = p })]),
                })
                : NotFound(),
            ("GET", ["pulls"]) => Page(request, Pulls.Where(p => p.State == "open").Reverse(), Document, "limit", 50),
            ("GET", ["pulls", var target, ..]) when !IsNumber(target) => ByBranches(target, path[$"pulls/{target}/".Length..]),
            ("POST", ["pulls"]) => Open(request),
            ("PATCH", ["pulls", var number]) => Edit(request, number),
            ("GET", ["issues", var number, "comments"]) => Of(number) is { } pull
                ? new FakeAnswer(200, new JsonArray([.. pull.Comments.Select(Document)]))
                : NotFound(),
            ("POST", ["issues", var number, "comments"]) => Comment(request, number),
            ("PATCH", ["issues", "comments", var id]) => EditComment(request, id),
            _ => NotFound(),
        };
    }

    private static FakeAnswer NotFound() => new(404, new JsonObject { ["message"] = "The target couldn't be found.", ["url"] = "https://forge.example/api/swagger" });

    private static bool IsNumber(string text) => Regex.IsMatch(text, "^[0-9]+$");

    private FakePull? Of(string number) => Pulls.Find(p => p.Number.ToString(CultureInfo.InvariantCulture) == number);

    private FakeAnswer AddStatus(FakeRequest request, string sha)
    {
        var status = new FakeStatus(NextId(), sha, request.Text("context"), request.Text("state"), request.Text("description"), request.Body?["target_url"]?.GetValue<string>());
        Statuses.Add(status);
        return new FakeAnswer(201, Document(status));
    }

    // Gitea names any one of several; this one names the oldest.
    private FakeAnswer ByBranches(string target, string branch) =>
        Pulls.Find(p => p.Base == target && p.Branch == branch && !p.IsFromFork) is { } pull ? new FakeAnswer(200, Document(pull)) : NotFound();

    private FakeAnswer Open(FakeRequest request)
    {
        var (branch, target) = (request.Text("head"), request.Text("base"));
        if (Pulls.Exists(p => p.State == "open" && p.Branch == branch && p.Base == target))
        {
            return new FakeAnswer(409, new JsonObject { ["message"] = "pull request already exists for these targets" });
        }

        var pull = new FakePull(NextId(), branch, target, request.Text("title")) { Body = request.Text("body") };
        Pulls.Add(pull);
        return new FakeAnswer(201, Document(pull));
    }

    private FakeAnswer Edit(FakeRequest request, string number)
    {
        if (Of(number) is not { } pull)
        {
            return NotFound();
        }

        pull.Body = request.Body?["body"]?.GetValue<string>() ?? pull.Body;
        pull.State = request.Body?["state"]?.GetValue<string>() ?? pull.State;
        return new FakeAnswer(201, Document(pull));
    }

    private FakeAnswer Comment(FakeRequest request, string number)
    {
        if (Of(number) is not { } pull)
        {
            return NotFound();
        }

        var comment = new FakeComment(NextId(), Me) { Body = request.Text("body") };
        pull.Comments.Add(comment);
        return new FakeAnswer(201, Document(comment));
    }

    private FakeAnswer EditComment(FakeRequest request, string id)
    {
        if (Pulls.SelectMany(p => p.Comments).FirstOrDefault(c => c.Id.ToString(CultureInfo.InvariantCulture) == id) is not { } comment)
        {
            return NotFound();
        }

        comment.Body = request.Text("body");
        return new FakeAnswer(200, Document(comment));
    }

    private static JsonNode Document(FakeStatus status) => new JsonObject
    {
        ["id"] = status.Id,
        ["status"] = status.State,
        ["target_url"] = status.Link ?? "",
        ["description"] = status.Description,
        ["url"] = "https://forge.example/x",
        ["context"] = status.Name,
    };

    private JsonNode Document(FakePull pull) => new JsonObject
    {
        ["id"] = pull.Number + 1000,
        ["number"] = pull.Number,
        ["user"] = new JsonObject { ["login"] = Me },
        ["title"] = pull.Title,
        ["body"] = pull.Body,
        ["state"] = pull.State == "open" ? "open" : "closed",
        ["merged"] = pull.State == "merged",
        ["html_url"] = $"{Address}ann/hosts/pulls/{pull.Number}",
        ["head"] = new JsonObject { ["label"] = pull.Branch, ["ref"] = pull.Branch, ["sha"] = pull.Sha, ["repo_id"] = pull.IsFromFork ? 2 : 1 },
        ["base"] = new JsonObject { ["label"] = pull.Base, ["ref"] = pull.Base, ["sha"] = pull.Sha, ["repo_id"] = 1 },
    };

    private JsonNode Document(FakeComment comment) => new JsonObject
    {
        ["id"] = comment.Id,
        ["html_url"] = $"{Address}ann/hosts/pulls/1#issuecomment-{comment.Id}",
        ["user"] = new JsonObject { ["login"] = comment.Author },
        ["body"] = comment.Body,
    };
}
