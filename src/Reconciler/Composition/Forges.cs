using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Forgejo;
using Reconciler.Adapters.GitHub;
using Reconciler.Adapters.GitLab;
using Reconciler.Configuration;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Reconciling;

namespace Reconciler.Composition;

/// <summary>Makes the forge a configuration names.</summary>
internal static class Forges
{
    /// <summary>The forge; null when none is configured. Nothing is asked of it yet.</summary>
    /// <param name="configuration">What names it.</param>
    /// <param name="latest">The latest deployment of a commit, whose page its status leads to; null when none is known.</param>
    /// <param name="clock">For pauses and time limits.</param>
    /// <param name="loggers">Told of each exchange.</param>
    public static IForge? Of(HostConfiguration configuration, Func<Revision, DeploymentId?> latest, TimeProvider clock, ILoggerFactory loggers) => configuration.Forge.Kind switch
    {
        ForgeKind.Github => new GitHubForge(GitHub(configuration) with { Page = Page(configuration, latest) }, clock, loggers.CreateLogger<GitHubForge>()),
        ForgeKind.Forgejo => new ForgejoForge(Forgejo(configuration) with { Page = Page(configuration, latest) }, clock, loggers.CreateLogger<ForgejoForge>()),
        ForgeKind.Gitlab => new GitLabForge(GitLab(configuration) with { Page = Page(configuration, latest) }, clock, loggers.CreateLogger<GitLabForge>()),
        _ => null,
    };

    /// <summary>Asks the forge of a configuration for all that is needed of it; nothing when there is none.</summary>
    public static async Task<IReadOnlyList<ForgeFinding>> ExamineAsync(HostConfiguration configuration, CancellationToken cancellationToken)
    {
        var forge = Of(configuration, _ => null, TimeProvider.System, NullLoggerFactory.Instance);
        using var life = forge as IDisposable;
        return forge is null ? [] : await forge.ExamineAsync(cancellationToken);
    }

    /// <summary>The latest deployment of a commit, as the ledger tells it.</summary>
    public static DeploymentId? Latest(LedgerReader ledger, Revision commit)
    {
        try
        {
            return ledger.Read().Deployments.Values.LastOrDefault(deployment => deployment.Revision == commit)?.Id;
        }
        catch (Exception e) when (e is LedgerUnavailableException or InvalidLedgerException)
        {
            return null; // a link is not worth a message that is not sent
        }
    }

    private static PageLinks? Page(HostConfiguration configuration, Func<Revision, DeploymentId?> latest) =>
        configuration.Page.PublicUrl is { } address ? new PageLinks(address, latest) : null;

    private static GitHubSettings GitHub(HostConfiguration configuration) => new()
    {
        Host = configuration.Host,
        Owner = Owner(configuration.Forge),
        Repository = Name(configuration.Forge),
        Access = configuration.Forge.App is { } app
            ? new GitHubAccess.App(app.Id, app.PrivateKeyFile)
            : new GitHubAccess.Token(configuration.Forge.TokenFile!),
        Branch = configuration.Repository.Branch,
        ApiBase = configuration.Forge.Api!,
        Labels = configuration.Forge.Labels,
        WebhookAddress = configuration.Webhook.PublicAddress,
    };

    private static ForgejoSettings Forgejo(HostConfiguration configuration) => new()
    {
        Host = configuration.Host,
        Owner = Owner(configuration.Forge),
        Repository = Name(configuration.Forge),
        Branch = configuration.Repository.Branch,
        ApiBase = configuration.Forge.Api!,
        TokenFile = configuration.Forge.TokenFile!,
    };

    private static GitLabSettings GitLab(HostConfiguration configuration) => new()
    {
        Host = configuration.Host,
        Project = configuration.Forge.Repository,
        Branch = configuration.Repository.Branch,
        ApiBase = configuration.Forge.Api!,
        TokenFile = configuration.Forge.TokenFile!,
    };

    private static string Owner(ForgeSettings forge) => forge.Repository[..forge.Repository.LastIndexOf('/')];

    private static string Name(ForgeSettings forge) => forge.Repository[(forge.Repository.LastIndexOf('/') + 1)..];
}
