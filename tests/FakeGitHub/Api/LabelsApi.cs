using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.Json;
using FakeGitHub.World;

namespace FakeGitHub.Api;

/// <summary>Labels of a repository and of its pull requests.</summary>
internal static class LabelsApi
{
    private const string Grey = "ededed";

    public static void Add(RouteTable routes)
    {
        routes.AddRepo("GET", "/labels", "issues:read", call => Paging.Page(call, call.Repository.Labels.All, x => Show(call, x)));
        routes.AddRepo("POST", "/labels", "issues:write", Create);
        routes.AddRepo("GET", "/labels/{name}", "issues:read", call =>
            call.Repository.LabelNamed(call.Value("name")) is { } found ? ApiAnswer.Ok(Show(call, found)) : ApiAnswer.NotFound());
        routes.AddRepo("POST", "/issues/{number}/labels", "issues:write", AddTo);
        routes.AddRepo("DELETE", "/issues/{number}/labels/{name}", "issues:write", RemoveFrom);
    }

    private static JsonObject Show(ApiCall call, Label label) => LabelJson.Label(label, call.Repository, call.Links);

    private static ApiAnswer Create(ApiCall call)
    {
        if (Problem(call) is { } problem)
        {
            return ApiAnswer.Invalid(problem);
        }

        var label = new Label(call.World.NextId(), call.Text("name")!, (call.Text("color") ?? Grey).ToLowerInvariant(), call.Text("description"));
        return ApiAnswer.Created(Show(call, call.Repository.Labels.Add(label)));
    }

    private static FieldError? Problem(ApiCall call)
    {
        if (call.Text("name") is not { Length: > 0 } name)
        {
            return new FieldError("Label", "name", "missing_field");
        }

        if (Wire.Length(name) > 50)
        {
            return new FieldError("Label", "name", "custom", "name is too long (maximum is 50 characters)");
        }

        if (call.Repository.LabelNamed(name) is not null)
        {
            return new FieldError("Label", "name", "already_exists");
        }

        if (call.Text("color") is { } color && (color.Length != 6 || !color.All(char.IsAsciiHexDigit)))
        {
            return new FieldError("Label", "color", "invalid");
        }

        return call.Text("description") is { } description && Wire.Length(description) > 100
            ? new FieldError("Label", "description", "custom", "description is too long (maximum is 100 characters)")
            : null;
    }

    /// <summary>Names that are new become labels, as at GitHub.</summary>
    private static ApiAnswer AddTo(ApiCall call)
    {
        if (PullsApi.Find(call) is not { } pull)
        {
            return ApiAnswer.NotFound();
        }

        var names = (call.Body["labels"] as JsonArray ?? []).Select(x => x is JsonObject named ? named["name"]!.GetValue<string>() : x!.GetValue<string>()).ToList();
        foreach (var name in names.Where(x => call.Repository.LabelNamed(x) is null))
        {
            call.Repository.Labels.Add(new Label(call.World.NextId(), name, Grey, null));
        }

        var labels = pull.Labels.Union(names.Select(x => call.Repository.LabelNamed(x)!.Name));
        var changed = call.Repository.Pulls.Put(pull with { Labels = [.. labels], UpdatedAt = call.Now });
        return ApiAnswer.Ok(LabelJson.Of(changed, call.Repository, call.Links));
    }

    private static ApiAnswer RemoveFrom(ApiCall call)
    {
        if (PullsApi.Find(call) is not { } pull)
        {
            return ApiAnswer.NotFound();
        }

        if (call.Repository.LabelNamed(call.Value("name")) is not { } label || !pull.Labels.Contains(label.Name))
        {
            return ApiAnswer.Error(404, "Label does not exist");
        }

        var changed = call.Repository.Pulls.Put(pull with { Labels = [.. pull.Labels.Where(x => x != label.Name)], UpdatedAt = call.Now });
        return ApiAnswer.Ok(LabelJson.Of(changed, call.Repository, call.Links));
    }
}
