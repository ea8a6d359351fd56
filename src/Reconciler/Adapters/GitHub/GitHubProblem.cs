using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Octokit;
using Reconciler.Adapters.Forge;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitHub;

/// <summary>Why GitHub did not do what it was asked, in its own words; cleaned and bounded.</summary>
/// <param name="Status">The status.</param>
/// <param name="Message">GitHub's message.</param>
/// <param name="Errors">GitHub's complaints about single fields, such as <c>PullRequest.base: invalid</c>.</param>
/// <param name="Wanted">The permissions GitHub would accept, such as <c>statuses=write</c>; empty when it did not say.</param>
/// <param name="RequestId">GitHub's name for the request; empty when it gave none.</param>
internal sealed record GitHubProblem(HttpStatusCode Status, string Message, ImmutableArray<string> Errors, string Wanted, string RequestId)
{
    private const int MostErrors = 8;

    /// <summary>All GitHub said.</summary>
    public string Words => string.Join("; ", Errors.Prepend(Message).Where(words => words.Length > 0));

    /// <summary>Reads it from Octokit's exception, whose own message hides the fields, and which cannot read errors that are plain text.</summary>
    public static GitHubProblem Of(ApiException exception)
    {
        var (message, errors) = Parse(exception.HttpResponse?.Body as string ?? "");
        return new GitHubProblem(
            exception.StatusCode, PlainText.Line(message ?? $"status {(int)exception.StatusCode}", 300), errors, Header(exception, "x-accepted-github-permissions"), Header(exception, "x-github-request-id"));
    }

    /// <summary>Whether GitHub said this, in its message or in a complaint.</summary>
    public bool Says(string words) => Words.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>What it means for whoever asked, where nothing better is known.</summary>
    /// <param name="doing">What was to be done, such as <c>setting the status</c>.</param>
    /// <param name="settings">Where.</param>
    public ForgeAnswer Answer(string doing, GitHubSettings settings)
    {
        var request = RequestId.Length == 0 ? "" : $"; request {RequestId}";
        return Status switch
        {
            // A person can mend these, and then the message may still be sent.
            HttpStatusCode.Forbidden when Says("locked") => new ForgeAnswer.Refused($"{doing}: the conversation is locked ({Words}{request})"),
            HttpStatusCode.Forbidden when Says("archived") => new ForgeAnswer.Later($"{doing}: {settings.FullName} is archived, so nothing can be written ({Words}{request})", null),
            HttpStatusCode.Forbidden => new ForgeAnswer.Later($"{doing}: not permitted on {settings.FullName}{Cure(settings)} ({Words}{request})", null),
            HttpStatusCode.NotFound => new ForgeAnswer.Later(
                $"{doing}: GitHub finds nothing there, which it also says of what may not be seen: look at owner and repository ({settings.FullName}){Cure(settings)} ({Words}{request})", null),
            HttpStatusCode.Conflict => new ForgeAnswer.Later($"{doing}: something else was changed at the same time ({Words}{request})", null),
            >= HttpStatusCode.InternalServerError => new ForgeAnswer.Later($"{doing}: GitHub failed with {(int)Status} ({Words}{request}); githubstatus.com may say more", null),
            _ => new ForgeAnswer.Refused($"{doing}: GitHub answers {(int)Status}: {Words}{request}"),
        };
    }

    private string Cure(GitHubSettings settings)
    {
        var what = Wanted.Length > 0 ? $"the permission {Wanted}" : "access to the repository and the permission";
        return settings.Access is GitHubAccess.Token token ? $"; the token in {token.File} needs {what}" : $"; the App needs {what}, and its owner's consent";
    }

    private static (string? Message, ImmutableArray<string> Errors) Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Length > 64 * 1024 ? "" : body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, []);
            }

            var errors = root.TryGetProperty("errors", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Take(MostErrors).Select(Complaint).Where(words => words.Length > 0).ToImmutableArray()
                : list.ValueKind == JsonValueKind.String ? [PlainText.Line(list.GetString(), 200)] : [];
            return (Text(root, "message"), errors);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second for text that holds half a surrogate pair, which shows only when it is read.
            return (null, []);
        }
    }

    private static string Complaint(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return error.ValueKind == JsonValueKind.String ? PlainText.Line(error.GetString(), 200) : "";
        }

        var place = string.Join('.', new[] { Text(error, "resource"), Text(error, "field") }.Where(part => part is not null));
        var words = string.Join(", ", new[] { Text(error, "code") is "custom" ? null : Text(error, "code"), Text(error, "message") }.Where(part => part is not null));
        return PlainText.Line(place.Length == 0 ? words : $"{place}: {words}", 200);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Header(ApiException exception, string name) => PlainText.Line(
        exception.HttpResponse?.Headers?.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value, 120);
}
