using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Tests.Adapters.Forge;

namespace Reconciler.Tests.Adapters.GitLab;

/// <summary>Speaks as GitLab does, after the shapes its API documents.</summary>
internal sealed class FakeGitLab : FakeForge
{
    private const string Project = "projects/infra%2Fhosts";

    protected override string ApiPath => "api/v4";

    protected override string Scheme => "Bearer";

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Path == "user")
        {
            return new FakeAnswer(200, new JsonObject { ["id"] = 7, ["username"] = Me });
        }

        if (!request.Path.StartsWith(Project, StringComparison.Ordinal))
        {
            return NotFound("Project");
        }

        return (request.Method, request.Path[Project.Length..].TrimStart('/').Split('/')) switch
        {
            ("GET", [""]) => new FakeAnswer(
                200,
                JsonNode.Parse("""{"id":1,"path_with_namespace":"infra/hosts","archived":false,"merge_requests_enabled":true,"permissions":{"project_access":{"access_level":30},"group_access":null}}""")),
            ("GET", ["repository", "commits", var sha, "statuses"]) => Page(
                request, Statuses.Where(s => s.Sha == sha && (request.Query["name"] == "" || s.Name == request.Query["name"])), Document, "per_page", 100),
            ("POST", ["statuses", var sha]) => SetStatus(request, sha),
            ("GET", ["repository", "branches", var branch]) => Branches.TryGetValue(Uri.UnescapeDataString(branch), out var tip)
                ? new FakeAnswer(200, new JsonObject
                {
                    ["name"] = Uri.UnescapeDataString(branch),
                    ["commit"] = new JsonObject { ["id"] = tip.Sha, ["message"] = tip.Message, ["parent_ids"] = new JsonArray([.. tip.Parents]) },
                })
                : NotFound("Branch"),
            ("GET", ["merge_requests"]) => List(request),
            ("POST", ["merge_requests"]) => Open(request),
            ("PUT", ["merge_requests", var number]) => Edit(request, number),
            ("GET", ["merge_requests", var number, "notes"]) => Of(number) is { } pull ? Page(request, pull.Comments, Document, "per_page", 100) : NotFound("Merge request"),
            ("POST", ["merge_requests", var number, "notes"]) => Comment(request, number),
            ("PUT", ["merge_requests", _, "notes", var id]) => EditComment(request, id),
            ("GET", ["deployments"]) => Page(request, Deployments.Where(d => d.Environment == request.Query["environment"]).Reverse(), Document, "per_page", 100),
            ("POST", ["deployments"]) => Deploy(request),
            ("PUT", ["deployments", var id]) => EditDeployment(request, id),
            _ => NotFound("Route"),
        };
    }

    private static FakeAnswer NotFound(string what) => new(404, new JsonObject { ["message"] = $"404 {what} Not Found" });

    private FakePull? Of(string number) => Pulls.Find(p => p.Number.ToString(CultureInfo.InvariantCulture) == number);

    // The state machine until GitLab 18.3: a status that waits cannot be told to wait.
    private FakeAnswer SetStatus(FakeRequest request, string sha)
    {
        var (name, state) = (request.Text("name"), request.Text("state"));
        var running = Statuses.FindLastIndex(s => s.Sha == sha && s.Name == name && s.State is "pending" or "running");
        if (running >= 0 && Statuses[running].State == state)
        {
            return new FakeAnswer(400, new JsonObject { ["message"] = "Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition via \"enqueue\")" });
        }

        var status = new FakeStatus(
            running >= 0 ? Statuses[running].Id : NextId(), sha, name, state, request.Text("description"), request.Body?["target_url"]?.GetValue<string>());
        if (running >= 0)
        {
            Statuses[running] = status;
        }
        else
        {
            Statuses.Add(status);
        }

        return new FakeAnswer(201, Document(status));
    }

    private FakeAnswer List(FakeRequest request)
    {
        var (state, source, target) = (request.Query["state"].ToString(), request.Query["source_branch"].ToString(), request.Query["target_branch"].ToString());
        return Page(
            request,
            Pulls.Where(p => p.Base == target && (source.Length == 0 || p.Branch == source) && (state == "all" || State(p) == state)).Reverse(),
            Document,
            "per_page",
            100);
    }

    private FakeAnswer Open(FakeRequest request)
    {
        var (branch, target) = (request.Text("source_branch"), request.Text("target_branch"));
        if (Pulls.Exists(p => p.State == "open" && p.Branch == branch && p.Base == target))
        {
            return new FakeAnswer(409, new JsonObject { ["message"] = new JsonArray("Another open merge request already exists for this source branch: !1") });
        }

        var pull = new FakePull(NextId(), branch, target, request.Text("title")) { Body = request.Text("description") };
        Pulls.Add(pull);
        return new FakeAnswer(201, Document(pull));
    }

    private FakeAnswer Edit(FakeRequest request, string number)
    {
        if (Of(number) is not { } pull)
        {
            return NotFound("Merge request");
        }

        pull.Body = request.Body?["description"]?.GetValue<string>() ?? pull.Body;
        pull.State = request.Text("state_event") == "close" ? "closed" : pull.State;
        return new FakeAnswer(200, Document(pull));
    }

    private FakeAnswer Comment(FakeRequest request, string number)
    {
        if (Of(number) is not { } pull)
        {
            return NotFound("Merge request");
        }

        var comment = new FakeComment(NextId(), Me) { Body = request.Text("body") };
        pull.Comments.Add(comment);
        return new FakeAnswer(201, Document(comment));
    }

    private FakeAnswer EditComment(FakeRequest request, string id)
    {
        if (Pulls.SelectMany(p => p.Comments).FirstOrDefault(c => c.Id.ToString(CultureInfo.InvariantCulture) == id) is not { } comment)
        {
            return NotFound("Note");
        }

        comment.Body = request.Text("body");
        return new FakeAnswer(200, Document(comment));
    }

    private FakeAnswer Deploy(FakeRequest request)
    {
        var deployment = new FakeDeployment(NextId(), request.Text("environment"), request.Text("sha")) { Status = request.Text("status") };
        Deployments.Add(deployment);
        return new FakeAnswer(201, Document(deployment));
    }

    private FakeAnswer EditDeployment(FakeRequest request, string id)
    {
        var deployment = Deployments.Find(d => d.Id.ToString(CultureInfo.InvariantCulture) == id);
        if (deployment is null)
        {
            return NotFound("Deployment");
        }

        if (deployment.Status is "success" or "failed" or "canceled")
        {
            return new FakeAnswer(400, new JsonObject { ["message"] = new JsonObject { ["status"] = new JsonArray("cannot transition") } });
        }

        deployment.Status = request.Text("status");
        return new FakeAnswer(200, Document(deployment));
    }

    private static string State(FakePull pull) => pull.State == "open" ? "opened" : pull.State;

    private static JsonNode Document(FakeStatus status) => new JsonObject
    {
        ["id"] = status.Id,
        ["sha"] = status.Sha,
        ["name"] = status.Name,
        ["status"] = status.State,
        ["description"] = status.Description,
        ["target_url"] = status.Link,
    };

    private JsonNode Document(FakePull pull) => new JsonObject
    {
        ["id"] = pull.Number + 1000,
        ["iid"] = pull.Number,
        ["title"] = pull.Title,
        ["description"] = pull.Body,
        ["state"] = State(pull),
        ["source_branch"] = pull.Branch,
        ["target_branch"] = pull.Base,
        ["source_project_id"] = pull.IsFromFork ? 2 : 1,
        ["target_project_id"] = 1,
        ["sha"] = pull.Sha,
        ["web_url"] = $"{Address}infra/hosts/-/merge_requests/{pull.Number}",
    };

    private static JsonNode Document(FakeComment comment) => new JsonObject
    {
        ["id"] = comment.Id,
        ["body"] = comment.Body,
        ["author"] = new JsonObject { ["id"] = 7, ["username"] = comment.Author },
        ["system"] = comment.Author == "system",
    };

    private static JsonNode Document(FakeDeployment deployment) => new JsonObject
    {
        ["id"] = deployment.Id,
        ["sha"] = deployment.Sha,
        ["ref"] = "main",
        ["status"] = deployment.Status,
        ["environment"] = new JsonObject { ["id"] = 9, ["name"] = deployment.Environment },
    };
}
