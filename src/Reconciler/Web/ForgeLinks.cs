using Reconciler.Configuration;
using Reconciler.Model;

namespace Reconciler.Web;

/// <summary>Where people see commits and branches at their forge.</summary>
/// <param name="Kind">What kind it is.</param>
/// <param name="Repository">Address of the repository's page, without a closing slash.</param>
/// <param name="RevertBranch">The name of the branch that takes a revision back.</param>
internal sealed record ForgeLinks(ForgeKind Kind, string Repository, Func<Revision, string> RevertBranch)
{
    private static readonly string[] Interfaces = ["/api/v3", "/api/v4", "/api/v1"];

    /// <summary>The addresses of a configured forge; null when there is none.</summary>
    public static ForgeLinks? Of(ForgeSettings forge, Func<Revision, string> revertBranch) => forge is { Kind: not ForgeKind.None, Api: { } api }
        ? new ForgeLinks(forge.Kind, $"{Site(api)}/{forge.Repository}", revertBranch)
        : null;

    /// <summary>The page of a commit.</summary>
    public string Commit(Revision revision) => Kind == ForgeKind.Gitlab ? $"{Repository}/-/commit/{revision.Sha}" : $"{Repository}/commit/{revision.Sha}";

    /// <summary>The branch that takes a revision back.</summary>
    public string Revert(Revision revision) => Kind switch
    {
        ForgeKind.Gitlab => $"{Repository}/-/tree/{RevertBranch(revision)}",
        ForgeKind.Forgejo => $"{Repository}/src/branch/{RevertBranch(revision)}",
        _ => $"{Repository}/tree/{RevertBranch(revision)}",
    };

    /// <summary>The pull request of that branch: a search, since its number is the forge's.</summary>
    public string RevertPullRequest(Revision revision) => Kind switch
    {
        ForgeKind.Gitlab => $"{Repository}/-/merge_requests?scope=all&state=all&source_branch={Uri.EscapeDataString(RevertBranch(revision))}",
        ForgeKind.Forgejo => $"{Repository}/pulls?state=all&q={Uri.EscapeDataString(revision.Short)}",
        _ => $"{Repository}/pulls?q={Uri.EscapeDataString($"is:pr head:{RevertBranch(revision)}")}",
    };

    private static string Site(Uri api)
    {
        if (api is { Host: "api.github.com" })
        {
            return "https://github.com";
        }

        var address = api.AbsoluteUri.TrimEnd('/');
        var end = Interfaces.FirstOrDefault(end => address.EndsWith(end, StringComparison.Ordinal));
        return end is null ? address : address[..^end.Length];
    }
}
