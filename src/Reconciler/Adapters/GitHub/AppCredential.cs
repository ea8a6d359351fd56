using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Adapters.Forge;

namespace Reconciler.Adapters.GitHub;

/// <summary>
/// The token a GitHub App is given for one repository: narrowed to it and to the permissions that are needed, kept in memory only, and asked for
/// anew five minutes before it ends or when GitHub refuses it.
/// </summary>
/// <remarks>Octokit cannot ask for a narrowed token, so these two requests are made without it, through the same handlers.</remarks>
/// <param name="app">The App.</param>
/// <param name="settings">The repository.</param>
/// <param name="clock">The time.</param>
/// <param name="lower">The handlers below the one that shows credentials.</param>
internal sealed class AppCredential(GitHubAccess.App app, GitHubSettings settings, TimeProvider clock, HttpMessageHandler lower) : IGitHubCredential, IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly HttpMessageInvoker _lower = new(lower, disposeHandler: false);
    private InstallationDocument? _installation;
    private AuthenticationHeaderValue? _header;
    private DateTimeOffset _expires;

    /// <inheritdoc/>
    public async Task<CredentialOutcome> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _header is { } known && clock.GetUtcNow() < _expires - Early
                ? new CredentialOutcome.Granted(known)
                : await RenewAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public bool Refused(AuthenticationHeaderValue shown)
    {
        Interlocked.CompareExchange(ref _header, null, shown);
        return true;
    }

    /// <inheritdoc/>
    public async Task<string?> LoginAsync(CancellationToken cancellationToken)
    {
        _ = await InstallationAsync(cancellationToken);
        return _installation?.AppSlug is { Length: > 0 } slug ? $"{slug}[bot]" : null;
    }

    /// <summary>The installation, asked for anew: for the examination.</summary>
    /// <returns>The installation, or why there is none.</returns>
    public async Task<(InstallationDocument? Installation, string? Fault)> ExamineAsync(CancellationToken cancellationToken)
    {
        _installation = null;
        var outcome = await InstallationAsync(cancellationToken);
        return (_installation, outcome switch
        {
            null => null,
            CredentialOutcome.Faulty faulty => faulty.Detail,
            CredentialOutcome.Unanswered unanswered => $"GitHub answers {(int)unanswered.Response.StatusCode}",
            _ => null,
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _one.Dispose();
        _lower.Dispose();
    }

    private async Task<CredentialOutcome> RenewAsync(CancellationToken cancellationToken)
    {
        if (await InstallationAsync(cancellationToken) is { } trouble)
        {
            return trouble;
        }

        var installation = _installation!;
        var wish = new InstallationTokenRequest([settings.Repository], AppPermissions.Narrow(settings, installation.Permissions ?? []));
        using var content = JsonContent.Create(wish, AppJson.Default.InstallationTokenRequest);
        await content.LoadIntoBufferAsync(cancellationToken); // a length instead of chunks, which proxies like better
        var (document, outcome) = await AskAsync(
            HttpMethod.Post, $"app/installations/{installation.Id}/access_tokens", content, AppJson.Default.InstallationTokenDocument, cancellationToken);
        if (outcome is not null)
        {
            _installation = null; // it may be another one after the App was installed again
            return outcome;
        }

        if (document?.Token is not { Length: > 0 } token || token.Any(c => c is <= ' ' or > '~'))
        {
            return new CredentialOutcome.Faulty("GitHub gave the App no token it could use; look at the address of the API", GitHubGate.ShortestPause);
        }

        (_header, _expires) = (new AuthenticationHeaderValue("Bearer", token), document.ExpiresAt);
        return new CredentialOutcome.Granted(_header);
    }

    private async Task<CredentialOutcome?> InstallationAsync(CancellationToken cancellationToken)
    {
        if (_installation is not null)
        {
            return null;
        }

        var (document, outcome) = await AskAsync(
            HttpMethod.Get,
            $"repos/{Uri.EscapeDataString(settings.Owner)}/{Uri.EscapeDataString(settings.Repository)}/installation",
            null,
            AppJson.Default.InstallationDocument,
            cancellationToken);
        if (document is { SuspendedAt: not null })
        {
            return new CredentialOutcome.Faulty($"the GitHub App is suspended for {settings.FullName}: its owner can lift that in the App's installation", GitHubGate.ShortestPause);
        }

        _installation = document;
        return outcome;
    }

    private async Task<(T? Document, CredentialOutcome? Outcome)> AskAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!AppKey.TrySign(app, clock.GetUtcNow(), out var token, out var fault))
        {
            return (null, new CredentialOutcome.Faulty(fault, null));
        }

        using var request = new HttpRequestMessage(method, new Uri(settings.Root, path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/vnd.github+json");
        request.Headers.UserAgent.ParseAdd("reconciler");
        var response = await _lower.SendAsync(request, cancellationToken);
        request.Content = null; // the caller's to dispose
        if (!response.IsSuccessStatusCode)
        {
            return (null, await OutcomeOfAsync(response, cancellationToken));
        }

        using (response)
        {
            try
            {
                return (await response.Content.ReadFromJsonAsync(type, cancellationToken), null);
            }
            catch (JsonException)
            {
                return (null, new CredentialOutcome.Faulty($"{settings.Root} does not answer as GitHub does: look at the address of the API, and at proxies", GitHubGate.ShortestPause));
            }
        }
    }

    private async Task<CredentialOutcome> OutcomeOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string? words = null;
        try
        {
            words = (await response.Content.ReadFromJsonAsync(AppJson.Default.MessageDocument, cancellationToken))?.Message;
        }
        catch (JsonException)
        {
            // not GitHub's own words; the status says enough
        }

        var said = words is null ? "" : $" (GitHub says: {PlainText.Line(words, 200)})";
        var detail = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized =>
                $"GitHub does not accept the App's signature{said}: the App id, the private key and the host's clock must be right",
            HttpStatusCode.NotFound => $"GitHub App {app.AppId} is not installed on {settings.FullName}{said}: install it there, from the App's public page",
            HttpStatusCode.UnprocessableEntity => $"GitHub gives the App no token for {settings.FullName}{said}: look at the repository's name and at the App's permissions",
            HttpStatusCode.Forbidden when words?.Contains("suspended", StringComparison.OrdinalIgnoreCase) == true =>
                $"the GitHub App is suspended for {settings.FullName}{said}: its owner can lift that in the App's installation",
            _ => null,
        };
        if (detail is null)
        {
            return new CredentialOutcome.Unanswered(response);
        }

        response.Dispose();
        return new CredentialOutcome.Faulty(detail, GitHubGate.ShortestPause);
    }
}
