using FakeGitHub.Webhooks;
using FakeGitHub.World;

namespace FakeGitHub.Repositories;

/// <summary>What follows when references move, by git or by the API: push events, and pull requests that follow their branches.</summary>
internal sealed class RefWatch(GitHubWorld world, EventSource events)
{
    /// <summary>For what is no moved reference.</summary>
    public EventSource Events { get; } = events;

    public void Moved(RepositoryState repository, IReadOnlyList<RefChange> changes, Account by)
    {
        if (changes.Count == 0)
        {
            return;
        }

        repository.PushedAt = world.Now;

        // GitHub tells nothing of a push of more than three tags at once
        var tags = changes.Count(x => x.Name.StartsWith("refs/tags/", StringComparison.Ordinal));
        foreach (var change in changes.Where(x => tags <= 3 || !x.Name.StartsWith("refs/tags/", StringComparison.Ordinal)))
        {
            Events.Push(repository, change, by);
        }

        foreach (var change in changes.Where(x => x.Branch is not null))
        {
            FollowHeads(repository, change, by);
            FollowBases(repository, change, by);
        }
    }

    /// <summary>Keeps <c>refs/pull/N/head</c>, and the objects, where people fetch a pull request from.</summary>
    public void Publish(RepositoryState repository, PullRequest pull)
    {
        using var git = new GitStore(repository.Folder);
        if (git.CommitOf(pull.HeadSha) is { } head)
        {
            git.SetRef($"refs/pull/{pull.Number}/head", head.Id);
        }
    }

    private void FollowHeads(RepositoryState repository, RefChange change, Account by)
    {
        foreach (var target in world.Repositories.All)
        {
            foreach (var pull in target.PullRequests.Where(x => x.Open && x.HeadRef == change.Branch && repository.IsNamed(x.HeadRepository)))
            {
                if (change.Deleted)
                {
                    Events.Pull(target, target.Pulls.Put(pull with { Open = false, ClosedAt = world.Now, UpdatedAt = world.Now }), "closed", by);
                    continue;
                }

                var moved = target.Pulls.Put(pull with { HeadSha = change.After, UpdatedAt = world.Now });
                Publish(target, moved);
                Events.Pull(target, moved, "synchronize", by, change);
            }
        }
    }

    /// <summary>A pull request whose head arrived in its base is merged, however it came there.</summary>
    private void FollowBases(RepositoryState repository, RefChange change, Account by)
    {
        if (change.Deleted)
        {
            return;
        }

        using var git = new GitStore(repository.Folder);
        foreach (var pull in repository.PullRequests.Where(x => x.Open && x.BaseRef == change.Branch))
        {
            if (git.CommitOf(change.After) is { } tip && git.CommitOf(pull.HeadSha) is { } head && git.Contains(tip, head))
            {
                var merged = pull with { Open = false, ClosedAt = world.Now, UpdatedAt = world.Now, MergedAt = world.Now, MergedBy = by, MergeSha = change.After };
                Events.Pull(repository, repository.Pulls.Put(merged), "closed", by);
            }
        }
    }
}
