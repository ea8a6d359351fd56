using System.Text;
using FakeGitHub.World;
using LibGit2Sharp;

namespace FakeGitHub.Repositories;

/// <summary>Writes commits for tests, with all that follows a push.</summary>
internal static class Author
{
    public static string Commit(
        RepositoryState repository, GitHubWorld world, RefWatch watch, string branch, string message, IReadOnlyDictionary<string, string?> files, Account by)
    {
        using var git = new GitStore(repository.Folder);
        var (old, parent) = (git.TipOf(branch), git.TipOf(branch) ?? git.TipOf(repository.DefaultBranch));
        var tree = parent is null ? new TreeDefinition() : TreeDefinition.From(parent.Tree);
        foreach (var (path, content) in files)
        {
            if (content is null)
            {
                tree.Remove(path);
                continue;
            }

            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
            tree.Add(path, git.Git.ObjectDatabase.CreateBlob(stream), Mode.NonExecutableFile);
        }

        var who = new Signature(by.Login, by.Email, world.Now);
        var made = git.Git.ObjectDatabase.CreateCommit(
            who, who, message, git.Git.ObjectDatabase.CreateTree(tree), parent is null ? [] : [parent], prettifyMessage: false);
        git.SetRef($"refs/heads/{branch}", made.Id);
        watch.Moved(repository, [new RefChange($"refs/heads/{branch}", old?.Sha ?? GitStore.NoSha, made.Sha)], by);
        return made.Sha;
    }
}
