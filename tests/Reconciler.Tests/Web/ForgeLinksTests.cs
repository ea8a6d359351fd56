using Reconciler.Configuration;
using Reconciler.Tests.Making;
using Reconciler.Web;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed class ForgeLinksTests
{
    [Theory]
    [InlineData(ForgeKind.Github, "https://api.github.com", "https://github.com/acme/infra/commit/SHA", "https://github.com/acme/infra/tree/revert")]
    [InlineData(ForgeKind.Github, "https://ghe.example.org/api/v3", "https://ghe.example.org/acme/infra/commit/SHA", "https://ghe.example.org/acme/infra/tree/revert")]
    [InlineData(ForgeKind.Forgejo, "https://git.example.org:3000/api/v1", "https://git.example.org:3000/acme/infra/commit/SHA", "https://git.example.org:3000/acme/infra/src/branch/revert")]
    [InlineData(ForgeKind.Gitlab, "https://gitlab.example.org/sub/api/v4", "https://gitlab.example.org/sub/acme/infra/-/commit/SHA", "https://gitlab.example.org/sub/acme/infra/-/tree/revert")]
    public void Links_AreThePagesOfTheForge(object kind, string api, string commit, string branch)
    {
        var links = ForgeLinks.Of(Forge((ForgeKind)kind, new Uri(api)), _ => "revert")!;

        Assert.Equal(commit.Replace("SHA", A.Revision().Sha, StringComparison.Ordinal), links.Commit(A.Revision()));
        Assert.Equal(branch, links.Revert(A.Revision()));
        Assert.StartsWith(links.Repository, links.RevertPullRequest(A.Revision()), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_AreNone_WithoutAForge() => Assert.Null(ForgeLinks.Of(Forge(ForgeKind.None, null), _ => "revert"));

    private static ForgeSettings Forge(ForgeKind kind, Uri? api) =>
        new() { Kind = kind, Repository = "acme/infra", Api = api, TokenFile = null, App = null, Labels = [], Plans = null! };
}
