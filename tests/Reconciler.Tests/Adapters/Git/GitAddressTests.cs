using Reconciler.Adapters.Git;
using Xunit;

namespace Reconciler.Tests.Adapters.Git;

public sealed class GitAddressTests
{
    [Theory]
    [InlineData("/srv/x.git", "Path", "/srv/x.git", "file")]
    [InlineData("/srv/a:b c.git", null, null, null)]
    [InlineData("file:///srv/x%20y.git", "Path", "/srv/x y.git", "file")]
    [InlineData("https://example.org/a/b", "Http", "https://example.org/a/b", "https")]
    [InlineData("http://u:p%40ss@example.org:8080/a/b/", "Http", "http://example.org:8080/a/b", "http")]
    [InlineData("ssh://git@example.org:22/a/b", "Ssh", "ssh://git@example.org:22/a/b", "ssh")]
    [InlineData("git@example.org:a/b.git", "Ssh", "git@example.org:a/b.git", "ssh")]
    [InlineData("git://example.org/a", "Git", "git://example.org/a", "git")]
    [InlineData("--upload-pack=touch /tmp/x", null, null, null)]
    [InlineData("--upload-pack=touch", null, null, null)]
    [InlineData("ext::sh -c whoami", null, null, null)]
    [InlineData("ext::sh", null, null, null)]
    [InlineData("fd::17", null, null, null)]
    [InlineData("::x", null, null, null)]
    [InlineData("ssh://-oProxyCommand=x/a", null, null, null)]
    [InlineData("ssh://-oProxyCommand=x@example.org/a", null, null, null)]
    [InlineData("-oProxyCommand=x@example.org:a", null, null, null)]
    [InlineData("git@-oProxyCommand=x:a", null, null, null)]
    [InlineData("ssh://git:secret@example.org/a", null, null, null)]
    [InlineData("ftp://example.org/a", null, null, null)]
    [InlineData("https://example.org/a?x=1", null, null, null)]
    [InlineData("file://elsewhere/srv/x", null, null, null)]
    [InlineData("relative/path", null, null, null)]
    [InlineData("https:///a", null, null, null)]
    [InlineData("https://example.org/\n", null, null, null)]
    [InlineData("", null, null, null)]
    public void TryParse_TakesOnlyPlainAddresses(string configured, string? transport, string? text, string? scheme)
    {
        var taken = GitAddress.TryParse(configured, out var address, out var fault);

        Assert.Equal((transport, text, scheme), (address?.Transport.ToString(), address?.Text, address?.Scheme));
        Assert.Equal(taken, fault is null);
    }

    [Fact]
    public void TryParse_TakesSecretsOutOfTheText()
    {
        Assert.True(GitAddress.TryParse("https://me:p%40ss@example.org/a", out var address, out _));
        Assert.Equal(("me", "p@ss"), (address.UserName, address.Password));
        Assert.DoesNotContain("p@ss", address.Text, StringComparison.Ordinal);

        Assert.False(GitAddress.TryParse("ssh://git:secret@example.org/a", out _, out var fault));
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main", true)]
    [InlineData("a/b-c_d.e", true)]
    [InlineData("-x", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    [InlineData("a:b", false)]
    [InlineData("+a", true)]
    [InlineData("a^", false)]
    [InlineData("a*", false)]
    [InlineData("a.lock", false)]
    [InlineData("a/.b", false)]
    [InlineData("a//b", false)]
    [InlineData("a\nb", false)]
    [InlineData("a@{1}", false)]
    [InlineData("", false)]
    public void IsBranchName_IsGitsOwnRule(string name, bool expected) => Assert.Equal(expected, GitBranches.IsBranchName(name));
}
