using System.Globalization;
using Reconciler.Adapters.Forge;
using Reconciler.Model;

namespace Reconciler.Adapters.GitHub;

/// <summary>Reads a pull request of GitHub's into the port's words.</summary>
internal static class OpenPullRequest
{
    /// <summary>The pull request; null when its head cannot be told.</summary>
    public static Ports.PullRequest? Of(PullRequestDocument document)
    {
        if (document.Number <= 0 || !Revision.TryParse(document.Head?.Sha, out var head))
        {
            return null;
        }

        var isFromFork = document.Head!.Repo is not { } repository || repository.Id != document.Base?.Repo?.Id;
        var branch = PlainText.Line(document.Head.Ref, 250);
        return new Ports.PullRequest(
            document.Number,
            head,
            $"refs/pull/{document.Number.ToString(CultureInfo.InvariantCulture)}/head",
            branch,
            isFromFork,
            IsOurs: !isFromFork && ForgeNames.IsRevertBranch(branch));
    }
}
