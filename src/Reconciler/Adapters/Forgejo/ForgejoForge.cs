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
internal sealed class ForgejoForge : HttpForge
{
    private const int LongestDescription = 255;
    private const int MostStatuses = 200;
    private const int PageSize = 50;
    private readonly ForgejoSettings _settings;
    private readonly ForgejoDesk _desk;

    /// <summary>Makes one.</summary>
    public ForgejoForge(ForgejoSettings settings, TimeProvider clock, ILogger<ForgejoForge> logger)
        : base(settings.Access, settings.Host, clock, logger)
    {
        _settings = settings;
        _desk = new ForgejoDesk(Http, settings);
    }

    /// <inheritdoc/>
    protected override IForgeDesk Desk => _desk;

    /// <inheritdoc/>
    protected override Task<ForgeAnswer> TellDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken) =>
        Task.FromResult<ForgeAnswer>(new ForgeAnswer.Done(null, "Forgejo shows no deployments"));

    /// <inheritdoc/>
    protected override async Task<IEnumerable<PullRequest?>> OpenAsync(CancellationToken cancellationToken) =>
        (await _desk.OpenAsync(MostPullRequests, cancellationToken)).Select(PullRequest);

    /// <inheritdoc/>
    protected override async Task<ImmutableArray<ForgeFinding>> LookAsync(CancellationToken cancellationToken)
    {
        var repository = Http.Well(await Http.GetAsync(_settings.Path, cancellationToken), "read the repository").Read(ForgejoJson.Default.RepositoryDocument);
        var mayPush = repository.Permissions?.Push == true;
        return
        [
            await AccessAsync(cancellationToken),
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
    }

    /// <inheritdoc/>
    protected override async Task<ForgeAnswer> TellStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken)
    {
        var wanted = new NewStatus(
            ForgeNames.Status(_settings.Host, status.Kind), State(status.State), PlainText.Line(status.Description, LongestDescription), (status.Link ?? _settings.Page?.Of(status))?.AbsoluteUri);
        var path = $"{_settings.Path}/statuses/{status.Commit.Sha}";
        var latest = (await Http.ListAsync($"{path}?sort=recentupdate&limit={PageSize}", PageSize, MostStatuses, ForgejoJson.Default.StatusDocumentArray, cancellationToken))
            .FindAll(known => known.Context == wanted.Context)
            .MaxBy(known => known.Id);
        if (latest is not null && latest.Status == wanted.State && latest.Description == wanted.Description && (latest.TargetUrl ?? "") == (wanted.TargetUrl ?? ""))
        {
            return new ForgeAnswer.Done(status.Link, "the commit shows so already");
        }

        Http.Well(await Http.SendAsync(HttpMethod.Post, path, wanted, ForgejoJson.Default.NewStatus, cancellationToken), "set a status on the commit");
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
