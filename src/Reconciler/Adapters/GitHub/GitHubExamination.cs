using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Octokit;
using Octokit.Internal;
using Polly.Timeout;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Rim;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitHub;

/// <summary>Looks whether everything is as the adapter needs it. Changes nothing.</summary>
internal sealed class GitHubExamination(IHttpClient shared, GitHubSettings settings, IGitHubCredential credential)
{
    private const int FewRequests = 500;
    private readonly ImmutableArray<ForgeFinding>.Builder _findings = ImmutableArray.CreateBuilder<ForgeFinding>();

    /// <summary>Looks. Trouble is a finding; only cancellation is thrown.</summary>
    public async Task<ImmutableArray<ForgeFinding>> ExamineAsync(CancellationToken cancellationToken)
    {
        var api = new GitHubApi(shared, settings, cancellationToken);
        Secrets();
        if (await TryAsync("GitHub's API", () => AccessAsync(api)))
        {
            await TryAsync("permissions", () => PermissionsAsync(api));
            await TryAsync("webhook", () => WebhookAsync(api));
        }

        return _findings.ToImmutable();
    }

    private void Well(string subject, string detail) => _findings.Add(new ForgeFinding(subject, true, PlainText.Line(detail, 400), ""));

    private void Bad(string subject, string detail, string cure) => _findings.Add(new ForgeFinding(subject, false, PlainText.Line(detail, 400), PlainText.Line(cure, 400)));

    private async Task<bool> TryAsync(string subject, Func<Task> look)
    {
        try
        {
            await look();
            return true;
        }
        catch (GitHubUnavailableException e)
        {
            Bad(subject, e.Message, "see the detail; then run this again");
        }
        catch (ApiException e)
        {
            Bad(subject, GitHubProblem.Of(e).Answer("looking", settings) switch
            {
                ForgeAnswer.Later later => later.Detail,
                ForgeAnswer.Refused refused => refused.Reason,
                _ => "",
            }, $"look at owner and repository, {settings.FullName}, and at what the credential may see");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutRejectedException)
        {
            Bad(subject, BrokenConnection.Why(e, settings.Root), "see the detail; then run this again");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The rim, as in GitHubForge.
            Bad(subject, $"GitHub answered what Reconciler does not understand ({e.GetType().Name})", "look at the address of the API, and at proxies");
        }

        return false;
    }

    private void Secrets()
    {
        if (settings.Access is GitHubAccess.Token { File: var file } && SecretFile.IsOpenToAll(file))
        {
            Bad("token file", $"{file} can be read by every user of this machine", $"chmod 0400 {file}, and make a new token, as this one may be known");
        }
    }

    private async Task AccessAsync(GitHubApi api)
    {
        var repository = await api.RepositoryAsync();
        var now = repository.FullName ?? settings.FullName;
        if (!string.Equals(now, settings.FullName, StringComparison.OrdinalIgnoreCase))
        {
            Bad("repository", $"{settings.FullName} is now called {now}; each request is made twice", $"set owner and repository to {now}");
        }
        else if (repository.Archived)
        {
            Bad("repository", $"{now} is archived: nothing can be written to it", "take it out of the archive, or turn the forge off");
        }
        else
        {
            Well("repository", $"{now} answers at {settings.Root}");
        }

        if ((await api.ProbeAsync("")).RateLimit is { Limit: > 0 } limit)
        {
            var detail = FormattableString.Invariant($"{limit.Remaining} of {limit.Limit} requests are left until {limit.Reset.UtcDateTime:HH:mm} UTC");
            if (limit.Remaining < FewRequests)
            {
                Bad("rate limit", detail, "share the token with fewer hosts and programs, or use a GitHub App");
            }
            else
            {
                Well("rate limit", detail);
            }
        }
    }

    private async Task PermissionsAsync(GitHubApi api)
    {
        if (credential is AppCredential app)
        {
            await AppPermissionsAsync(app, api.CancellationToken);
            return;
        }

        var mayPush = (await api.RepositoryAsync()).Permissions?.Push == true;
        var scopes = (await api.ProbeAsync("")).OauthScopes;
        var kind = Kind();
        if (kind == "classic token")
        {
            var isEnough = scopes.Contains("repo") || scopes.Contains("public_repo");
            if (!isEnough)
            {
                Bad("token", $"a classic token with the scopes {(scopes.Count == 0 ? "(none)" : string.Join(", ", scopes))}", "give it the scope repo (public_repo for a public repository)");
            }
            else
            {
                Well("token", $"a classic token with the scopes {string.Join(", ", scopes)}; a fine-grained token or a GitHub App for this repository alone would be able to do less harm");
            }
        }
        else
        {
            Well("token", $"a {kind}");
        }

        if (!mayPush)
        {
            Bad("permission to write", $"whoever the token belongs to may not push to {settings.FullName}", "give that user the role Write, or use another user's token");
        }
        else
        {
            Well("permission to write", $"whoever the token belongs to may push to {settings.FullName}");
        }

        // GitHub does not tell what a fine-grained token may do; what may not be read may not be written either.
        await MaySeeAsync(api, "permission for commit statuses", $"commits/{Uri.EscapeDataString(settings.Branch)}/status", "statuses: read and write");
        await MaySeeAsync(api, "permission for deployments", "deployments?per_page=1", "deployments: read and write");
        await MaySeeAsync(api, "permission for pull requests", "pulls?per_page=1", "pull requests: read and write");
    }

    private async Task AppPermissionsAsync(AppCredential app, CancellationToken cancellationToken)
    {
        var (installation, fault) = await app.ExamineAsync(cancellationToken);
        if (installation is null)
        {
            Bad("GitHub App", fault ?? "its installation cannot be read", "see the detail; then run this again");
            return;
        }

        Well("GitHub App", $"{installation.AppSlug} is installed on {settings.FullName}");
        foreach (var (name, level, what) in AppPermissions.Needed(settings))
        {
            if (AppPermissions.Has(installation.Permissions ?? [], name, level))
            {
                Well($"permission {name}: {level}", $"granted, {what}");
            }
            else
            {
                Bad($"permission {name}: {level}", $"not granted; it is needed {what}", "add it in the App's settings, and let the owner of the repository accept it");
            }
        }
    }

    private async Task MaySeeAsync(GitHubApi api, string subject, string path, string permission)
    {
        try
        {
            await api.ProbeAsync(path);
            Well(subject, "may be read; whether it may be written shows with the first message");
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            Bad(subject, GitHubProblem.Of(e).Words, $"give the token the repository permission {permission}");
        }
    }

    private string Kind() => settings.Access is GitHubAccess.Token access && SecretFile.TryReadToken(access.File, out var token, out _)
        ? token switch
        {
            _ when token.StartsWith("ghp_", StringComparison.Ordinal) => "classic token",
            _ when token.StartsWith("github_pat_", StringComparison.Ordinal) => "fine-grained token",
            _ when token.StartsWith("ghs_", StringComparison.Ordinal) => "token of an App's installation, which lives an hour at most",
            _ when token.StartsWith("gho_", StringComparison.Ordinal) || token.StartsWith("ghu_", StringComparison.Ordinal) => "token of an App for a user",
            _ => "token of a kind that is not known",
        }
        : "token";

    private async Task WebhookAsync(GitHubApi api)
    {
        if (settings.WebhookAddress is not { } address)
        {
            return;
        }

        ImmutableArray<HookDocument> hooks;
        try
        {
            hooks = await api.HooksAsync();
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            Well("webhook", "whether there is one cannot be told: the credential may not read webhooks; without one, new commits are found by asking now and then");
            return;
        }

        var ours = hooks.FirstOrDefault(hook => Uri.TryCreate(hook.Config?.Url, UriKind.Absolute, out var url) && url == address);
        var (detail, cure) = ours switch
        {
            null => ($"no webhook of {settings.FullName} leads to {Shown(address)}", $"add one there: payload address {Shown(address)}, content type application/json, the host's secret, event push"),
            { Active: false } => ("the webhook is turned off", "set it active in the repository's settings"),
            { Events: { } events } when !events.Contains("push") && !events.Contains("*") => ("the webhook is not told of pushes", "add the event push to it"),
            { LastResponse: { Code: { } code } last } when code is < 200 or > 299 => (
                $"the last delivery ended with {code.ToString(CultureInfo.InvariantCulture)} {last.Message}", "look at its recent deliveries: 401 is a wrong secret, 0 an address GitHub cannot reach"),
            _ => ("", ""),
        };
        if (detail.Length > 0)
        {
            Bad("webhook", detail, cure);
        }
        else
        {
            Well("webhook", ours!.LastResponse?.Code is { } code ? $"its last delivery was answered with {code.ToString(CultureInfo.InvariantCulture)}" : "it is there; nothing was delivered yet");
        }
    }

    private static string Shown(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
