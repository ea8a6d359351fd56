using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;

namespace FakeGitHub.Api;

/// <summary>What was delivered by a webhook, and delivering it again.</summary>
internal static class HookDeliveriesApi
{
    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/hooks/{id}/deliveries", "repository_hooks:read", List);
        routes.AddRepo("POST", "/hooks/{id}/deliveries/{delivery}/attempts", "repository_hooks:write", Redeliver);
    }

    /// <summary>Newest first; the cursor is the id a page ends before.</summary>
    private static ApiAnswer List(ApiCall call)
    {
        if (HooksApi.Find(call) is not { } hook)
        {
            return ApiAnswer.NotFound();
        }

        var size = int.TryParse(call.Asked("per_page"), out var asked) ? Math.Clamp(asked, 1, 100) : 30;
        var before = long.TryParse(call.Asked("cursor"), out var cursor) ? cursor : long.MaxValue;
        var found = call.Repository.Deliveries.All.Reverse().Where(x => x.HookId == hook.Id && x.Id < before && Wanted(call, x.StatusCode)).Take(size + 1).ToList();
        var answer = ApiAnswer.Ok(Wire.Array(found.Take(size), x => HookJson.Delivery(x, call.Repository)));
        return found.Count <= size ? answer : answer.With(
            "Link", $"<{call.Links.Api}/repositories/{call.Repository.Id}/hooks/{hook.Id}/deliveries?per_page={size}&cursor={found[size - 1].Id}>; rel=\"next\"");
    }

    private static bool Wanted(ApiCall call, int code) => call.Asked("status") switch
    {
        "success" => code is >= 200 and < 400,
        "failure" => code >= 400,
        _ => true,
    };

    private static ApiAnswer Redeliver(ApiCall call)
    {
        var delivery = call.Repository.Deliveries.Find(call.Number("delivery"));
        if (HooksApi.Find(call) is not { } hook || delivery?.HookId != hook.Id)
        {
            return ApiAnswer.NotFound();
        }

        call.Webhooks.Redeliver(call.Repository, hook, delivery);
        return new ApiAnswer(202, new JsonObject());
    }
}
