using System.Net;
using Octokit;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.GitHub;

/// <summary>The pull request that takes a bad revision back: one for all hosts it failed on.</summary>
internal sealed class RollbackPullRequests(GitHubApi api, GitHubSettings settings, TimeProvider clock)
{
    private const int MostRaces = 3;
    private static readonly TimeSpan OthersWrite = TimeSpan.FromSeconds(2);
    private readonly RevertBranch _branch = new(api, settings);
    private readonly PullRequestComments _comments = new(api);
    private readonly PullRequestLabels _labels = new(api, settings);

    /// <summary>Opens it, or adds the host's section to the one that is there.</summary>
    public async Task<ForgeAnswer> ExplainAsync(DeploymentStory story)
    {
        if (story is not { Deployment: { Phase: DeploymentPhase.RolledBack { Cause: var cause }, Revision: { } bad } })
        {
            return new ForgeAnswer.Refused($"deployment {story.Deployment.Id} is no rolled-back commit, so there is nothing to take back");
        }

        if (story.Restored is not { } good)
        {
            return new ForgeAnswer.Done(null, $"no pull request for {bad}: the system that was restored came from no commit");
        }

        var found = await FindAsync(bad);
        if (found is null)
        {
            if (await _branch.EnsureAsync(story, cause, bad, good) is { } answer)
            {
                return answer;
            }

            (found, var opened) = await OpenAsync(story, cause, bad, good);
            if (opened is not null)
            {
                return opened;
            }
        }

        return found switch
        {
            { MergedAt: not null } => new ForgeAnswer.Done(Link(found), $"{bad} was taken back already: the pull request is merged"),
            { State: "closed" } => await LeaveClosedAsync(found, bad),
            _ when !await _branch.IsUntouchedAsync(found!.Head?.Sha ?? "", bad, good) =>
                new ForgeAnswer.Done(Link(found), "somebody else committed to the pull request, so it was left alone"),
            _ => await AddSectionAsync(found, story.Host, RollbackPullRequestText.Section(story, cause, bad, good)),
        };
    }

    /// <summary>Says that a newer commit works, and closes the pull request when nobody else worked on it.</summary>
    public async Task<ForgeAnswer> CloseAsync(Revision bad, Revision by)
    {
        if (await FindAsync(bad) is not { State: "open", MergedAt: null } found)
        {
            return new ForgeAnswer.Done(null, null);
        }

        await _comments.SayOnceAsync(found.Number, RollbackPullRequestText.OvertakenMarker(bad), RollbackPullRequestText.Overtaken(bad, by));
        if (!await _branch.IsUntouchedAsync(found.Head?.Sha ?? "", bad, good: null))
        {
            return new ForgeAnswer.Done(Link(found), "somebody else committed to the pull request, so it was left open");
        }

        await api.UpdatePullRequestAsync(found.Number, new PullRequestUpdate { State = ItemState.Closed });
        return new ForgeAnswer.Done(Link(found), null);
    }

    // Under the repository's present owner: after a move the old one finds nothing.
    private async Task<PullRequestDocument?> FindAsync(Revision bad)
    {
        var owner = (await api.RepositoryAsync()).Owner?.Login ?? settings.Owner;
        var all = await api.PullRequestsFromAsync(owner, RollbackText.BranchOf(bad), settings.Branch);
        return all.OrderByDescending(found => found.State == "open").ThenByDescending(found => found.MergedAt is not null).ThenByDescending(found => found.Number).FirstOrDefault();
    }

    private async Task<(PullRequestDocument? Opened, ForgeAnswer? Answer)> OpenAsync(DeploymentStory story, Failure cause, Revision bad, Revision good)
    {
        var section = RollbackPullRequestText.Section(story, cause, bad, good);
        try
        {
            var opened = await api.OpenPullRequestAsync(
                new NewPullRequest(RollbackPullRequestText.Title(story, cause, bad, good), RollbackText.BranchOf(bad), settings.Branch)
                {
                    Body = RollbackPullRequestText.Body(null, story.Host, section),
                });
            return (null, new ForgeAnswer.Done(Link(opened), await _labels.AddAsync(opened)));
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            var problem = GitHubProblem.Of(e);
            return problem.Says("pull request already exists") && await FindAsync(bad) is { } other ? (other, null)
                : problem.Says("no commits between") || problem.Says("no history in common")
                    ? (null, new ForgeAnswer.Done(null, $"no pull request for {bad}: there is nothing on {RollbackText.BranchOf(bad)} that {settings.Branch} could take ({problem.Words})"))
                : (null, problem.Answer("opening the pull request", settings));
        }
    }

    private async Task<ForgeAnswer> LeaveClosedAsync(PullRequestDocument closed, Revision bad)
    {
        if (await _comments.HasAsync(closed.Number, RollbackPullRequestText.OvertakenMarker(bad)))
        {
            return new ForgeAnswer.Done(Link(closed), "the pull request was closed because a newer commit works, and is not opened again");
        }

        var said = await _comments.SayOnceAsync(closed.Number, RollbackPullRequestText.ClosedByHandMarker(bad), RollbackPullRequestText.ClosedByHand(bad));
        return new ForgeAnswer.Done(Link(closed), said ? "the pull request was closed by hand and is not opened again; a comment there says so" : "the pull request was closed by hand and is not opened again");
    }

    // GitHub knows no "only if nobody wrote meanwhile", so it is read again after others that read before may have written.
    private async Task<ForgeAnswer> AddSectionAsync(PullRequestDocument found, HostName host, string section)
    {
        var remark = await _labels.AddAsync(found);
        for (var race = 0; race < MostRaces; race++)
        {
            var before = (await api.PullRequestAsync(found.Number)).Body ?? "";
            var after = RollbackPullRequestText.Body(before, host, section);
            if (Markdown.IsSame(before, after))
            {
                return new ForgeAnswer.Done(Link(found), RollbackPullRequestText.HasSection(after, host) ? remark : "the description is full, so this host's part is not in it");
            }

            await api.UpdatePullRequestAsync(found.Number, new PullRequestUpdate { Body = after });
            await Task.Delay(OthersWrite, clock, api.CancellationToken);
        }

        var last = (await api.PullRequestAsync(found.Number)).Body ?? "";
        return Markdown.IsSame(last, RollbackPullRequestText.Body(last, host, section))
            ? new ForgeAnswer.Done(Link(found), remark)
            : new ForgeAnswer.Later("adding to the pull request: several hosts write to its description at the same time", null);
    }

    private static Uri? Link(PullRequestDocument found) => ForgeNames.Link(found.HtmlUrl);
}
