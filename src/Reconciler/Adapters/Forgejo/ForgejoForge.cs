using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Forge.Http;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Forgejo;

/// <summary>Tells Forgejo and Gitea, which speak the same API: statuses, pull requests, comments. There are no deployments to tell of.</summary>
/// <remarks>Statuses after Gitea's <c>routers/api/v1/repo/status.go</c> and <c>modules/structs/status.go</c>.</remarks>
internal sealed class ForgejoForge : IForge, IDisposable
{
    private const int LongestDescription = 255;
    private const int MostStatuses = 200;
    private const int PageSize = 50;
    private const int MostPullRequests = 100;
    private readonly ForgejoSettings _settings;
    private readonly ForgeHttp _http;
    private readonly ForgejoDesk _desk;
    private readonly ForgeTelling _telling;

    /// <summary>Makes one.</summary>
    public ForgejoForge(ForgejoSettings settings, TimeProvider clock, ILogger<ForgejoForge> logger)
    {
        _settings = settings;
        _http = new ForgeHttp(settings.Access, clock, logger);
        _desk = new ForgejoDesk(_http, settings);
        _telling = new ForgeTelling(_desk, settings.Host);
    }

    /// <inheritdoc/>
    public string Name => "Forgejo";

    /// <inheritdoc/>
    public Task<ForgeAnswer> SetStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => StatusAsync(status, cancellationToken));

    /// <inheritdoc/>
    public Task<ForgeAnswer> SetDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken) =>
        Task.FromResult<ForgeAnswer>(new ForgeAnswer.Done(null, "Forgejo shows no deployments"));

    /// <inheritdoc/>
    public Task<ForgeAnswer> ExplainRollbackAsync(DeploymentStory story, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => _telling.ExplainRollbackAsync(story, cancellationToken));

    /// <inheritdoc/>
    public Task<ForgeAnswer> CloseRollbackAsync(Revision bad, Revision by, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => _telling.CloseRollbackAsync(bad, by, cancellationToken));

    /// <inheritdoc/>
    public Task<ForgeAnswer> CommentPlanAsync(ForgeMessage.PlanReported report, CancellationToken cancellationToken) =>
        ForgeRim.AnswerAsync(() => _telling.CommentPlanAsync(report, cancellationToken));

    /// <inheritdoc/>
    public Task<PullRequestsAnswer> OpenPullRequestsAsync(CancellationToken cancellationToken) => ForgeRim.ListAsync(async () =>
        [.. (await _desk.OpenAsync(MostPullRequests, cancellationToken)).Select(PullRequest).OfType<PullRequest>()]);

    /// <inheritdoc/>
    public Task<ImmutableArray<ForgeFinding>> ExamineAsync(CancellationToken cancellationToken) => ForgeRim.ExamineAsync(async () =>
    {
        var repository = _http.Well(await _http.GetAsync(_settings.Path, cancellationToken), "read the repository").Read(ForgejoJson.Default.RepositoryDocument);
        var mayPush = repository.Permissions?.Push == true;
        var who = await _desk.WhoAsync(cancellationToken);
        return
        [
            ForgeRim.Found("access", true, $"{_settings.Access.Root.Authority} knows the token{(who is null ? "" : $", which belongs to {PlainText.Line(who, 60)}")}", ""),
            ForgeRim.Found(
                "permission to set statuses and to open pull requests",
                mayPush,
                mayPush ? "the token may write to the repository" : "the token may not write to the repository",
                "Give its user write access, and the token the scope write:repository and write:issue."),
            ForgeRim.Found(
                "repository",
                repository is { Archived: false, HasPullRequests: true },
                repository.Archived ? "it is archived" : repository.HasPullRequests ? "it takes pull requests" : "pull requests are switched off",
                "Switch pull requests on in the repository's settings."),
        ];
    });

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<ForgeAnswer> StatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken)
    {
        var wanted = new NewStatus(
            ForgeNames.Status(_settings.Host, status.Kind), State(status.State), PlainText.Line(status.Description, LongestDescription), (status.Link ?? _settings.Page?.Of(status))?.AbsoluteUri);
        var path = $"{_settings.Path}/statuses/{status.Commit.Sha}";
        var latest = (await _http.ListAsync($"{path}?sort=recentupdate&limit={PageSize}", PageSize, MostStatuses, ForgejoJson.Default.StatusDocumentArray, cancellationToken))
            .FindAll(known => known.Context == wanted.Context)
            .MaxBy(known => known.Id);
        if (latest is not null && latest.Status == wanted.State && latest.Description == wanted.Description && (latest.TargetUrl ?? "") == (wanted.TargetUrl ?? ""))
        {
            return new ForgeAnswer.Done(status.Link, "the commit shows so already");
        }

        _http.Well(await _http.SendAsync(HttpMethod.Post, path, wanted, ForgejoJson.Default.NewStatus, cancellationToken), "set a status on the commit");
        return new ForgeAnswer.Done(status.Link, null);
    }

    private static string State(CommitState state) => state switch
    {
        CommitState.Pending => "pending",
        CommitState.Success => "success",
        CommitState.Failure => "failure",
        CommitState.Error => "error",
        _ => throw new UnreachableException(),
    };

    private static PullRequest? PullRequest(PullDocument pull)
    {
        var isFork = ForgejoDesk.IsFromFork(pull);
        return Revision.TryParse(pull.Head?.Sha, out var head)
            ? new PullRequest(
                pull.Number,
                head,
                $"refs/pull/{pull.Number}/head",
                PlainText.Line(pull.Head?.Ref, 200),
                isFork,
                !isFork && ForgeNames.IsRevertBranch(pull.Head?.Ref))
            : null;
    }
}
