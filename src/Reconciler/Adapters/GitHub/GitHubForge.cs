using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Octokit;
using Octokit.Internal;
using Polly.Timeout;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Rim;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitHub;

/// <summary>GitHub, github.com or an Enterprise Server, through Octokit.</summary>
/// <remarks>
/// Whatever is made is looked for first, so each call may be made again after a crash. This is the rim: no exception but cancellation leaves it.
/// </remarks>
internal sealed partial class GitHubForge : IForge, IDisposable
{
    private const int LongestDetail = 600;
    private readonly GitHubSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<GitHubForge> _logger;
    private readonly GitHubTransport _transport;
    private readonly HttpClientAdapter _octokit;

    /// <summary>Makes it; nothing is asked of GitHub yet.</summary>
    /// <param name="settings">Where GitHub is, and who asks.</param>
    /// <param name="clock">For pauses and time limits.</param>
    /// <param name="logger">Told of each exchange, without secrets.</param>
    /// <param name="wire">Makes what sends requests; null for the network.</param>
    public GitHubForge(GitHubSettings settings, TimeProvider clock, ILogger<GitHubForge> logger, Func<HttpMessageHandler>? wire = null)
    {
        (_settings, _clock, _logger) = (settings, clock, logger);
        _transport = new GitHubTransport(settings, clock, logger, wire);
        _octokit = new HttpClientAdapter(() => _transport.Handler);
        _octokit.SetRequestTimeout(Timeout.InfiniteTimeSpan); // the handlers know the limit of each attempt
    }

    /// <inheritdoc/>
    public string Name => "GitHub";

    /// <inheritdoc/>
    public long? RequestsLeft => _transport.Gate.RequestsLeft;

    /// <inheritdoc/>
    public Task<ForgeAnswer> SetStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken) =>
        TellAsync("setting the status", api => new CommitStatuses(api, _settings).SetAsync(status), cancellationToken);

    /// <inheritdoc/>
    public Task<ForgeAnswer> SetDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken) =>
        TellAsync("showing the deployment", api => new Deployments(api, _settings).SetAsync(progress), cancellationToken);

    /// <inheritdoc/>
    public Task<ForgeAnswer> ExplainRollbackAsync(DeploymentStory story, CancellationToken cancellationToken) =>
        TellAsync("explaining the rollback", api => new RollbackPullRequests(api, _settings, _clock).ExplainAsync(story), cancellationToken);

    /// <inheritdoc/>
    public Task<ForgeAnswer> CloseRollbackAsync(Revision bad, Revision by, CancellationToken cancellationToken) =>
        TellAsync("closing the pull request", api => new RollbackPullRequests(api, _settings, _clock).CloseAsync(bad, by), cancellationToken);

    /// <inheritdoc/>
    public Task<ForgeAnswer> CommentPlanAsync(ForgeMessage.PlanReported report, CancellationToken cancellationToken) => TellAsync(
        "commenting on the pull request",
        async api =>
        {
            var comment = await new PullRequestComments(api).WriteAsync(
                report.PullRequest, PlanCommentText.Marker(_settings.Host), PlanCommentText.Write(_settings.Host, report), () => LoginAsync(api));
            return new ForgeAnswer.Done(ForgeNames.Link(comment.HtmlUrl), null);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<PullRequestsAnswer> OpenPullRequestsAsync(CancellationToken cancellationToken) => RunAsync<PullRequestsAnswer>(
        "reading the pull requests",
        async api => new PullRequestsAnswer.Open([.. (await api.OpenPullRequestsAsync(_settings.Branch)).Select(OpenPullRequest.Of).OfType<Ports.PullRequest>()]),
        answer => answer switch
        {
            ForgeAnswer.Later later => new PullRequestsAnswer.Failed(later.Detail, later.NotBefore),
            ForgeAnswer.Refused refused => new PullRequestsAnswer.Failed(refused.Reason, null),
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ForgeFinding>> ExamineAsync(CancellationToken cancellationToken) =>
        new GitHubExamination(_octokit, _settings, _transport.Credential).ExamineAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _octokit.Dispose();
        _transport.Dispose();
    }

    private async Task<string?> LoginAsync(GitHubApi api)
    {
        if (await _transport.Credential.LoginAsync(api.CancellationToken) is { } known)
        {
            return known;
        }

        try
        {
            return (await api.UserAsync()).Login;
        }
        catch (ApiException e) when (e.StatusCode is System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.NotFound)
        {
            return null; // an installation's token has no user
        }
    }

    private Task<ForgeAnswer> TellAsync(string doing, Func<GitHubApi, Task<ForgeAnswer>> tell, CancellationToken cancellationToken) =>
        RunAsync(doing, async api => Bounded(await tell(api)), answer => answer, cancellationToken);

    private async Task<T> RunAsync<T>(string doing, Func<GitHubApi, Task<T>> act, Func<ForgeAnswer, T> trouble, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await act(new GitHubApi(_octokit, _settings, cancellationToken));
        }
        catch (GitHubUnavailableException e)
        {
            return trouble(Bounded(new ForgeAnswer.Later($"{doing}: {e.Message}", e.NotBefore)));
        }
        catch (ApiException e)
        {
            return trouble(Bounded(GitHubProblem.Of(e).Answer(doing, _settings)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return trouble(new ForgeAnswer.Later($"{doing}: {_settings.Root.Host} did not answer in time", null));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutRejectedException)
        {
            return trouble(new ForgeAnswer.Later($"{doing}: {BrokenConnection.Why(e, _settings.Root)}", null));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The rim. Only type and place are said: the text could hold whatever GitHub sent.
            LogSurprise(doing, $"{e.GetType().Name} {e.StackTrace?.Split('\n')[0].Trim()}");
            return trouble(new ForgeAnswer.Later($"{doing}: GitHub answered what Reconciler does not understand ({e.GetType().Name})", null));
        }
    }

    private static ForgeAnswer Bounded(ForgeAnswer answer) => answer switch
    {
        ForgeAnswer.Done done => done with { Remark = done.Remark is null ? null : PlainText.Line(done.Remark, LongestDetail) },
        ForgeAnswer.Later later => later with { Detail = PlainText.Line(later.Detail, LongestDetail) },
        ForgeAnswer.Refused refused => new ForgeAnswer.Refused(PlainText.Line(refused.Reason, LongestDetail)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
