using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Forge.Http;

/// <summary>What the forges without a client of their own do alike: pull requests are told of over a desk, and trouble becomes an answer.</summary>
/// <param name="access">Where the forge is, and who asks.</param>
/// <param name="host">This host.</param>
/// <param name="clock">For pauses and time limits.</param>
/// <param name="logger">Told of each exchange, without secrets.</param>
internal abstract class HttpForge(ForgeAccess access, HostName host, TimeProvider clock, ILogger logger) : IForge, IDisposable
{
    /// <summary>The most open pull requests that are looked at.</summary>
    protected const int MostPullRequests = 100;

    private ForgeTelling? _telling;

    /// <inheritdoc/>
    public string Name => access.Forge;

    /// <summary>How it is asked.</summary>
    protected ForgeHttp Http { get; } = new(access, clock, logger);

    /// <summary>Its pull requests and comments.</summary>
    protected abstract IForgeDesk Desk { get; }

    private ForgeTelling Telling => _telling ??= new ForgeTelling(Desk, host);

    /// <inheritdoc/>
    public Task<ForgeAnswer> SetStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => TellStatusAsync(status, cancellationToken));

    /// <inheritdoc/>
    public Task<ForgeAnswer> SetDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => TellDeploymentAsync(progress, cancellationToken));

    /// <inheritdoc/>
    public Task<ForgeAnswer> ExplainRollbackAsync(DeploymentStory story, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => Telling.ExplainRollbackAsync(story, cancellationToken));

    /// <inheritdoc/>
    public Task<ForgeAnswer> CloseRollbackAsync(Revision bad, Revision by, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => Telling.CloseRollbackAsync(bad, by, cancellationToken));

    /// <inheritdoc/>
    public Task<ForgeAnswer> CommentPlanAsync(ForgeMessage.PlanReported report, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => Telling.CommentPlanAsync(report, cancellationToken));

    /// <inheritdoc/>
    public Task<PullRequestsAnswer> OpenPullRequestsAsync(CancellationToken cancellationToken) =>
        ForgeRim.ListAsync(async () => [.. (await OpenAsync(cancellationToken)).OfType<PullRequest>()]);

    /// <inheritdoc/>
    public Task<ImmutableArray<ForgeFinding>> ExamineAsync(CancellationToken cancellationToken) => ForgeRim.ExamineAsync(() => LookAsync(cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();

    /// <inheritdoc cref="SetStatusAsync"/>
    protected abstract Task<ForgeAnswer> TellStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken);

    /// <inheritdoc cref="SetDeploymentAsync"/>
    protected abstract Task<ForgeAnswer> TellDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken);

    /// <summary>The open pull requests, at most <see cref="MostPullRequests"/>; null for one whose head cannot be told.</summary>
    protected abstract Task<IEnumerable<PullRequest?>> OpenAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="ExamineAsync"/>
    protected abstract Task<ImmutableArray<ForgeFinding>> LookAsync(CancellationToken cancellationToken);

    /// <summary>That the forge knows the token, and whose it is.</summary>
    protected async Task<ForgeFinding> AccessAsync(CancellationToken cancellationToken)
    {
        var who = await Desk.WhoAsync(cancellationToken);
        return ForgeRim.Found("access", true, $"{access.Root.Authority} knows the token{(who is null ? "" : $", which belongs to {PlainText.Line(who, 60)}")}", "");
    }
}
