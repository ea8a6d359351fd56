using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FakeGitHub.Json;
using FakeGitHub.Repositories;
using FakeGitHub.World;
using Microsoft.Extensions.Primitives;

namespace FakeGitHub.Http;

/// <summary>A request that found its route, with who sent it and what it is about.</summary>
internal sealed class ApiCall
{
    private RepositoryState? _repository;

    public required GitHubWorld World { get; init; }

    public required RefWatch Watch { get; init; }

    public required Webhooks.WebhookSender Webhooks { get; init; }

    public required RateLimits Limits { get; init; }

    public required Caller Caller { get; init; }

    public required Links Links { get; init; }

    public required Match Values { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyDictionary<string, StringValues> Query { get; init; }

    public required string Accept { get; init; }

    /// <summary>The body; empty when none was sent.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>The repository of the path; only for routes under <c>/repos</c>.</summary>
    public RepositoryState Repository
    {
        get => _repository ?? throw new InvalidOperationException($"{Path} names no repository.");
        init => _repository = value;
    }

    public DateTimeOffset Now => World.Now;

    /// <summary>Who acts; only for routes that need somebody.</summary>
    public Account Actor => Caller.Token?.Account ?? throw new InvalidOperationException($"Nobody is behind {Path}.");

    public App? ViaApp => Caller.ViaApp;

    public string Value(string name) => Uri.UnescapeDataString(Values.Groups[name].Value);

    /// <summary>A number of the path; -1, which nothing has, when it is none.</summary>
    public long Number(string name) => long.TryParse(Value(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    public string? Asked(string name) => Query.TryGetValue(name, out var value) && value.Count > 0 && value[0]!.Length > 0 ? value[0] : null;

    /// <summary>A text of the body; null when it is missing, null or no text.</summary>
    public string? Text(string name) => Body[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public bool? Flag(string name) => Body[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>The texts of a list in the body; null when there is no list.</summary>
    public IReadOnlyList<string>? Texts(string name) =>
        Body[name] is JsonArray list ? [.. list.Select(x => x is JsonValue value && value.TryGetValue<string>(out var text) ? text : "")] : null;

    public GitStore Open() => new(Repository.Folder);
}
