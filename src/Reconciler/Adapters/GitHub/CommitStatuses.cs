using System.Diagnostics;
using System.Net;
using Octokit;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitHub;

/// <summary>Sets the host's statuses on commits.</summary>
internal sealed class CommitStatuses(GitHubApi api, GitHubSettings settings)
{
    /// <summary>The longest description GitHub takes; it counts characters, so that the cut must not leave half of one.</summary>
    public const int LongestDescription = 140;

    private const int MostPages = 5;

    /// <summary>Sets one, unless it stands there already: GitHub keeps each, and a thousand of a context at most.</summary>
    public async Task<ForgeAnswer> SetAsync(ForgeMessage.CommitStatus status)
    {
        var wanted = new NewCommitStatus
        {
            Context = ForgeNames.Status(settings.Host, status.Kind),
            State = State(status.State),
            Description = PlainText.Line(status.Description, LongestDescription),
            TargetUrl = (status.Link ?? settings.Page?.Of(status))?.AbsoluteUri,
        };
        if (await LatestAsync(status.Commit, wanted.Context) is { } latest && IsSame(latest, wanted))
        {
            return new ForgeAnswer.Done(null, "the commit shows it already");
        }

        try
        {
            await api.SetStatusAsync(status.Commit, wanted);
            return new ForgeAnswer.Done(null, null);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            var problem = GitHubProblem.Of(e);
            return problem.Says("maximum number of statuses")
                    ? new ForgeAnswer.Done(null, $"{wanted.Context} has had a thousand statuses on {status.Commit}, and GitHub takes no more: the last one stays")
                : problem.Says("no commit found")
                    ? new ForgeAnswer.Refused($"{settings.FullName} has no commit {status.Commit} to set a status on: it was never pushed there, or was thrown away since")
                : problem.Answer("setting the status", settings);
        }
    }

    private async Task<StatusDocument?> LatestAsync(Revision commit, string context)
    {
        try
        {
            return await api.StatusAsync(commit, context, MostPages);
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict or HttpStatusCode.Forbidden)
        {
            return null; // setting it says why, or works: reading and writing are permissions of their own
        }
    }

    private static Octokit.CommitState State(Model.CommitState state) => state switch
    {
        Model.CommitState.Pending => Octokit.CommitState.Pending,
        Model.CommitState.Success => Octokit.CommitState.Success,
        Model.CommitState.Failure => Octokit.CommitState.Failure,
        Model.CommitState.Error => Octokit.CommitState.Error,
        _ => throw new UnreachableException(),
    };

    private static bool IsSame(StatusDocument latest, NewCommitStatus wanted) =>
        new StringEnum<Octokit.CommitState>(latest.State ?? "none").TryParse(out var state) && state == wanted.State
        && (latest.Description ?? "") == wanted.Description
        && (latest.TargetUrl ?? "") == (wanted.TargetUrl ?? "");
}
