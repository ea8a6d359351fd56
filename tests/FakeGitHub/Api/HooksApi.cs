using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>Webhooks of a repository.</summary>
internal static class HooksApi
{
    private const int MaxPerEvent = 20;

    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/hooks", "repository_hooks:read", call => Paging.Page(call, call.Repository.Hooks.All, x => HookJson.Hook(x, call.Repository, call.Links)));
        routes.AddRepo("POST", "/hooks", "repository_hooks:write", Create);
        routes.AddRepo("GET", "/hooks/{id}", "repository_hooks:read", call =>
            Find(call) is { } hook ? ApiAnswer.Ok(HookJson.Hook(hook, call.Repository, call.Links)) : ApiAnswer.NotFound());
        routes.AddRepo("PATCH", "/hooks/{id}", "repository_hooks:write", Update);
        routes.AddRepo("DELETE", "/hooks/{id}", "repository_hooks:write", call =>
            call.Repository.Hooks.Remove(call.Number("id")) ? ApiAnswer.NoContent() : ApiAnswer.NotFound());
        routes.AddRepo("POST", "/hooks/{id}/pings", "repository_hooks:write", Ping);
        routes.AddRepo("POST", "/hooks/{id}/tests", "repository_hooks:write", Test);
    }

    public static Hook? Find(ApiCall call) => call.Repository.Hooks.Find(call.Number("id"));

    private static ApiAnswer Create(ApiCall call)
    {
        var config = call.Body["config"] as JsonObject;
        if ((string?)config?["url"] is not { } url || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return ApiAnswer.Invalid(new FieldError("Hook", "url", config?["url"] is null ? "missing_field" : "invalid"));
        }

        var hook = With(call, new Hook(call.World.NextId(), url, null, call.Now) { ContentType = "form" }, call.Texts("events") ?? ["push"]);
        if (call.Repository.Hooks.All.Any(x => x.Url == url && x.Events.Intersect(hook.Events).Any()))
        {
            return ApiAnswer.Invalid(new FieldError("Hook", null, "custom", "Hook already exists on this repository"));
        }

        if (hook.Events.FirstOrDefault(name => call.Repository.Hooks.All.Count(x => x.Events.Contains(name)) >= MaxPerEvent) is { } full)
        {
            return ApiAnswer.Invalid(new FieldError("Hook", null, "custom", $"The \"{full}\" event cannot have more than {MaxPerEvent} hooks"));
        }

        call.Repository.Hooks.Add(hook);
        call.Watch.Events.Ping(call.Repository, hook, call.Actor);
        return ApiAnswer.Created(HookJson.Hook(hook, call.Repository, call.Links));
    }

    private static ApiAnswer Update(ApiCall call)
    {
        if (Find(call) is not { } hook)
        {
            return ApiAnswer.NotFound();
        }

        var events = (call.Texts("events") ?? hook.Events).Union(call.Texts("add_events") ?? []).Except(call.Texts("remove_events") ?? []);
        return ApiAnswer.Ok(HookJson.Hook(call.Repository.Hooks.Put(With(call, hook, [.. events])), call.Repository, call.Links));
    }

    private static Hook With(ApiCall call, Hook hook, IReadOnlyList<string> events)
    {
        var config = call.Body["config"] as JsonObject;
        return hook with
        {
            Url = (string?)config?["url"] ?? hook.Url,
            Secret = config?.ContainsKey("secret") == true ? (string?)config["secret"] : hook.Secret,
            ContentType = (string?)config?["content_type"] ?? hook.ContentType,
            InsecureSsl = config?["insecure_ssl"]?.ToString() ?? hook.InsecureSsl,
            Events = events,
            Active = call.Flag("active") ?? hook.Active,
            UpdatedAt = call.Now,
        };
    }

    private static ApiAnswer Ping(ApiCall call)
    {
        if (Find(call) is not { } hook)
        {
            return ApiAnswer.NotFound();
        }

        call.Watch.Events.Ping(call.Repository, hook, call.Actor);
        return ApiAnswer.NoContent();
    }

    /// <summary>The latest push once more, when the hook wants pushes.</summary>
    private static ApiAnswer Test(ApiCall call)
    {
        if (Find(call) is not { } hook)
        {
            return ApiAnswer.NotFound();
        }

        using var git = call.Open();
        if (hook.Wants("push") && git.TipOf(call.Repository.DefaultBranch) is { } tip)
        {
            var change = new RefChange($"refs/heads/{call.Repository.DefaultBranch}", tip.Parents.FirstOrDefault()?.Sha ?? GitStore.NoSha, tip.Sha);
            call.Webhooks.Send(call.Repository, hook, "push", null, Webhooks.PushPayload.Make(call.Repository, change, call.Actor, call.Links));
        }

        return ApiAnswer.NoContent();
    }
}
