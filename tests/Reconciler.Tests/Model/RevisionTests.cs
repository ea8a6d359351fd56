using Reconciler.Model;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Model;

public sealed class RevisionTests
{
    private const string Sha = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public void TryParse_FullObjectId_Reads()
    {
        Assert.True(Revision.TryParse(Sha, out var sha1));
        Assert.True(Revision.TryParse(Sha + Sha[..24], out _)); // SHA-256
        Assert.Equal(Sha, sha1.Sha);
        Assert.Equal("0123456", sha1.Short);
        Assert.Equal("0123456", sha1.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456")]
    [InlineData("main")]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF01234567")] // git writes lower case; two spellings would be two revisions
    [InlineData("0123456789abcdef0123456789abcdef0123456")] // 39
    [InlineData("0123456789abcdef0123456789abcdef012345678")] // 41
    [InlineData("0123456789abcdef0123456789abcdef0123456\n")]
    [InlineData("0123456789abcdef0123456789abcdef0123456g")]
    [InlineData("0123456789abcdef0123456789abcdef0123456٠")] // a digit, and not one of git's
    public void TryParse_AnythingElse_SaysNo(string? text)
    {
        Assert.False(Revision.TryParse(text, out _));
        Assert.Throws<ArgumentException>(() => new Revision(text!));
    }

    [Fact]
    public void Equality_IsByObjectId()
    {
        Assert.Equal(new Revision(Sha), new Revision(new string(Sha)));
        Assert.NotEqual(A.Revision("a"), A.Revision("b"));
    }

    [Fact]
    public void Sha_OfNoRevision_IsABug() => Assert.Throws<InvalidOperationException>(() => default(Revision).Sha);
}
