using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Forgejo;
using Reconciler.Adapters.GitHub;
using Reconciler.Adapters.GitLab;
using Reconciler.Configuration;
using Reconciler.Ports;

namespace Reconciler.Composition;

/// <summary>Makes the forge a configuration names.</summary>
internal static class Forges
{
    /// <summary>The forge; null when none is configured. Nothing is asked of it yet.</summary>
    public static IForge? Of(HostConfiguration configuration, TimeProvider clock, ILoggerFactory loggers) => configuration.Forge.Kind switch
    {
        ForgeKind.Github => new GitHubForge(GitHub(configuration), clock, loggers.CreateLogger<GitHubForge>()),
        ForgeKind.Forgejo => new ForgejoForge(Forgejo(configuration), clock, loggers.CreateLogger<ForgejoForge>()),
        ForgeKind.Gitlab => new GitLabForge(GitLab(configuration), clock, loggers.CreateLogger<GitLabForge>()),
        _ => null,
    };

    /// <summary>Asks the forge of a configuration for all that is needed of it; nothing when there is none.</summary>
    public static async Task<IReadOnlyList<ForgeFinding>> ExamineAsync(HostConfiguration configuration, CancellationToken cancellationToken)
    {
        var forge = Of(configuration, TimeProvider.System, NullLoggerFactory.Instance);
        using var life = forge as IDisposable;
        return forge is null ? [] : await forge.ExamineAsync(cancellationToken);
    }

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
