using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.World;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>Deployments.</summary>
internal static class DeploymentsApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/deployments", "deployments:read", List);
        routes.AddRepo("POST", "/deployments", "deployments:write", Create);
        routes.AddRepo("GET", "/deployments/{id}", "deployments:read", Get);
        routes.AddRepo("DELETE", "/deployments/{id}", "deployments:write", Delete);
    }

    public static Deployment? Find(ApiCall call) => call.Repository.DeploymentTable.Find(call.Number("id"));

    private static ApiAnswer List(ApiCall call)
    {
        var found = call.Repository.Deployments.Reverse().Where(x =>
            (call.Asked("sha") ?? x.Sha) == x.Sha && (call.Asked("ref") ?? x.Ref) == x.Ref
            && (call.Asked("task") ?? x.Task) == x.Task && (call.Asked("environment") ?? x.Environment) == x.Environment);
        return Paging.Page(call, [.. found], x => DeploymentJson.Deployment(x, call.Repository, call.Links));
    }

    private static ApiAnswer Get(ApiCall call) =>
        Find(call) is { } found ? ApiAnswer.Ok(DeploymentJson.Deployment(found, call.Repository, call.Links)) : ApiAnswer.NotFound();

    private static ApiAnswer Create(ApiCall call)
    {
        using var git = call.Open();
        if (call.Text("ref") is not { Length: > 0 } name)
        {
            return ApiAnswer.Invalid(new FieldError("Deployment", "ref", "missing_field"));
        }

        if (call.Text("description") is { } description && Wire.Length(description) > 140)
        {
            return ApiAnswer.Invalid(new FieldError("Deployment", "description", "custom", "description is too long (maximum is 140 characters)"));
        }

        if (git.Resolve(name) is not { } commit)
        {
            return ApiAnswer.Unprocessable($"No ref found for: {name}");
        }

        return AutoMerge(call, git, name, commit) ?? Failing(call, name, commit) ?? Add(call, name, commit);
    }

    /// <summary>Unless told not to, GitHub first merges the default branch into the branch that is deployed.</summary>
    private static ApiAnswer? AutoMerge(ApiCall call, GitStore git, string name, Commit head)
    {
        if (call.Flag("auto_merge") == false || git.TipOf(name) is null || git.TipOf(call.Repository.DefaultBranch) is not { } main || git.Contains(head, main))
        {
            return null;
        }

        var merge = git.Git.ObjectDatabase.MergeCommits(head, main, new MergeTreeOptions());
        if (merge.Status == MergeTreeStatus.Conflicts)
        {
            return ApiAnswer.Error(409, $"Conflict merging {call.Repository.DefaultBranch} into {name}.");
        }

        var who = new Signature(call.Actor.Login, call.Actor.Email, call.Now);
        var message = $"Merge branch '{call.Repository.DefaultBranch}' into {name}";
        var made = git.Git.ObjectDatabase.CreateCommit(who, who, message, merge.Tree, [head, main], prettifyMessage: false);
        git.SetRef($"refs/heads/{name}", made.Id);
        call.Watch.Moved(call.Repository, [new RefChange($"refs/heads/{name}", head.Sha, made.Sha)], call.Actor);
        return new ApiAnswer(202, new JsonObject { ["message"] = $"Auto-merged {call.Repository.DefaultBranch} into {name} on deployment." });
    }

    /// <summary>Unless told which statuses it needs, a deployment needs all there are.</summary>
    private static ApiAnswer? Failing(ApiCall call, string name, Commit commit)
    {
        var latest = StatusesApi.Latest(call.Repository, commit.Sha);
        var required = call.Texts("required_contexts") ?? [.. latest.Select(x => x.Context)];
        var states = required.Select(x => (Context: x, State: latest.FirstOrDefault(y => string.Equals(y.Context, x, StringComparison.OrdinalIgnoreCase))?.State ?? "pending"));
        var failing = states.Where(x => x.State != "success").ToList();
        return failing.Count == 0 ? null : new ApiAnswer(409, new JsonObject
        {
            ["message"] = $"Conflict: Commit status checks failed for {name}.",
            ["errors"] = new JsonArray(new JsonObject
            {
                ["contexts"] = Wire.Array(failing, x => new JsonObject { ["context"] = x.Context, ["state"] = x.State }),
                ["resource"] = "Deployment",
                ["field"] = "required_contexts",
                ["code"] = "invalid",
            }),
            ["documentation_url"] = Wire.Documentation,
        });
    }

    private static ApiAnswer Add(ApiCall call, string name, Commit commit)
    {
        var environment = call.Text("environment") ?? "production";
        var deployment = new Deployment(call.World.NextId(), commit.Sha, name, environment, call.Actor, call.Now)
        {
            Task = call.Text("task") ?? "deploy",
            Description = call.Text("description"),
            Payload = call.Body["payload"]?.DeepClone() ?? new JsonObject(),
            Transient = call.Flag("transient_environment") ?? false,
            Production = call.Flag("production_environment") ?? environment == "production",
            ViaApp = call.ViaApp,
        };
        EnvironmentsApi.Ensure(call, environment);
        call.Repository.DeploymentTable.Add(deployment);
        return ApiAnswer.Created(DeploymentJson.Deployment(deployment, call.Repository, call.Links));
    }

    private static ApiAnswer Delete(ApiCall call)
    {
        if (Find(call) is not { } found)
        {
            return ApiAnswer.NotFound();
        }

        var active = DeploymentStatusesApi.Latest(call.Repository, found)?.State != "inactive";
        if (active && call.Repository.Deployments.Count(x => x.Environment == found.Environment) > 1)
        {
            return ApiAnswer.Unprocessable("We cannot delete an active deployment unless it is the only deployment in a given environment.");
        }

        call.Repository.DeploymentTable.Remove(found.Id);
        return ApiAnswer.NoContent();
    }
}
