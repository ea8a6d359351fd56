using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Forge.Http;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitLab;

/// <summary>Tells GitLab: commit statuses, deployments, merge requests, notes.</summary>
/// <remarks>
/// After GitLab's API documents (<c>doc/api/commits.md</c>, <c>deployments.md</c>). A status goes through a state machine: until GitLab 18.3 one that is
/// pending cannot be set to pending again, not even with other words (400 <c>Cannot transition status</c>, gitlab-foss issue 25807).
/// </remarks>
internal sealed class GitLabForge : HttpForge
{
    private const int LongestDescription = 255;
    private const int PageSize = 100;
    private const int Developer = 30;
    private readonly GitLabSettings _settings;
    private readonly GitLabDesk _desk;
    private readonly GitLabDeployments _deployments;

    /// <summary>Makes one.</summary>
    public GitLabForge(GitLabSettings settings, TimeProvider clock, ILogger<GitLabForge> logger)
        : base(settings.Access, settings.Host, clock, logger)
    {
        _settings = settings;
        _desk = new GitLabDesk(Http, settings);
        _deployments = new GitLabDeployments(Http, settings);
    }

    /// <inheritdoc/>
    protected override IForgeDesk Desk => _desk;

    /// <inheritdoc/>
    protected override Task<ForgeAnswer> TellDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken) =>
        _deployments.SetAsync(progress, cancellationToken);

    /// <inheritdoc/>
    protected override async Task<IEnumerable<PullRequest?>> OpenAsync(CancellationToken cancellationToken) =>
        (await _desk.OpenAsync(MostPullRequests, cancellationToken)).Select(PullRequest);

    /// <inheritdoc/>
    protected override async Task<ImmutableArray<ForgeFinding>> LookAsync(CancellationToken cancellationToken)
    {
        var project = Http.Well(await Http.GetAsync(_settings.Path, cancellationToken), "read the project").Read(GitLabJson.Default.ProjectDocument);
        var level = Math.Max(project.Permissions?.ProjectAccess?.AccessLevel ?? 0, project.Permissions?.GroupAccess?.AccessLevel ?? 0);
        return
        [
            await AccessAsync(cancellationToken),
            ForgeRim.Found(
                "permission to set statuses, deployments and merge requests",
                level >= Developer,
                level >= Developer ? "the token has the developer role or more" : "the token has less than the developer role",
                "Give it the role developer and the scope api."),
            ForgeRim.Found(
                "project",
                project is { Archived: false } and not { MergeRequestsEnabled: false },
                project.Archived ? "it is archived" : project.MergeRequestsEnabled == false ? "merge requests are switched off" : "it takes merge requests",
                "Switch merge requests on in the project's settings."),
        ];
    }

    /// <inheritdoc/>
    protected override async Task<ForgeAnswer> TellStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken)
    {
        var name = ForgeNames.Status(_settings.Host, status.Kind);
        var wanted = new NewStatus(name, State(status.State), PlainText.Line(status.Description, LongestDescription), (status.Link ?? _settings.Page?.Of(status))?.AbsoluteUri);
        var known = await Http.ListAsync(
            $"{_settings.Path}/repository/commits/{status.Commit.Sha}/statuses?name={Uri.EscapeDataString(name)}&per_page={PageSize}",
            PageSize,
            PageSize,
            GitLabJson.Default.StatusDocumentArray,
            cancellationToken);
        var latest = known.FindAll(one => one.Name == name).MaxBy(one => one.Id);
        if (latest is not null && latest.Status == wanted.State && latest.Description == wanted.Description && (latest.TargetUrl ?? "") == (wanted.TargetUrl ?? ""))
        {
            return new ForgeAnswer.Done(status.Link, "the commit shows so already");
        }

        var reply = await Http.SendAsync(HttpMethod.Post, $"{_settings.Path}/statuses/{status.Commit.Sha}", wanted, GitLabJson.Default.NewStatus, cancellationToken);
        if (reply.Status == HttpStatusCode.BadRequest && latest?.Status == wanted.State && reply.Message.Contains("Cannot transition status", StringComparison.Ordinal))
        {
            return new ForgeAnswer.Done(status.Link, "the commit shows this state already, and this GitLab cannot change its words");
        }

        Http.Well(reply, "set a status on the commit");
        return new ForgeAnswer.Done(status.Link, null);
    }

    // There is no state for what is not the commit's fault; the description tells the two apart.
    private static string State(CommitState state) => state switch
    {
        CommitState.Pending => "pending",
        CommitState.Success => "success",
        CommitState.Failure or CommitState.Error => "failed",
        _ => throw new UnreachableException(),
    };

    private static PullRequest? PullRequest(MergeRequestDocument request)
    {
        var isFork = GitLabDesk.IsFromFork(request);
        return Revision.TryParse(request.Sha, out var head)
            ? new PullRequest(
                request.Iid,
                head,
                $"refs/merge-requests/{request.Iid}/head",
                PlainText.Line(request.SourceBranch, 200),
                isFork,
                !isFork && ForgeNames.IsRevertBranch(request.SourceBranch))
            : null;
    }
}
