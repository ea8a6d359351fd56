using System.Text.Json.Nodes;

namespace FakeGitHub.Contract;

/// <summary>One operation of the description.</summary>
/// <param name="Template">Such as <c>/repos/{owner}/{repo}/pulls</c>.</param>
/// <param name="Values">What the path has in the template's holes, still escaped.</param>
internal sealed record ApiOperation(string Template, JsonNode Node, IReadOnlyDictionary<string, string> Values);
