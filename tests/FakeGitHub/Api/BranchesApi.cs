using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using LibGit2Sharp;

namespace FakeGitHub.Api;

/// <summary>Branches.</summary>
internal static class BranchesApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/branches", "contents:read", List);
        routes.AddRepo("GET", "/branches/{branch+}", "contents:read", Get);
    }

    private static ApiAnswer List(ApiCall call)
    {
        using var git = call.Open();
        return Paging.Page(call, call.Asked("protected") == "true" ? [] : git.Git.Branches.Where(x => !x.IsRemote).ToList(), x => new JsonObject
        {
            ["name"] = x.FriendlyName,
            ["commit"] = new JsonObject { ["sha"] = x.Tip.Sha, ["url"] = $"{call.Links.Repo(call.Repository)}/commits/{x.Tip.Sha}" },
            ["protected"] = false,
        });
    }

    private static ApiAnswer Get(ApiCall call)
    {
        using var git = call.Open();
        var name = call.Value("branch");
        if (git.TipOf(name) is not { } tip)
        {
            return ApiAnswer.Error(404, "Branch not found");
        }

        var url = $"{call.Links.Repo(call.Repository)}/branches/{name}";
        return ApiAnswer.Ok(new JsonObject
        {
            ["name"] = name,
            ["commit"] = CommitJson.Commit(tip, call.Repository, call.World, call.Links),
            ["_links"] = new JsonObject { ["self"] = url, ["html"] = $"{call.Links.Page(call.Repository)}/tree/{name}" },
            ["protected"] = false,
            ["protection"] = new JsonObject
            {
                ["enabled"] = false,
                ["required_status_checks"] = new JsonObject { ["enforcement_level"] = "off", ["contexts"] = new JsonArray(), ["checks"] = new JsonArray() },
            },
            ["protection_url"] = $"{url}/protection",
        });
    }
}
