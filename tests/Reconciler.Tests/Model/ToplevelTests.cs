using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Model;

public sealed class ToplevelTests
{
    private const string Path = "/nix/store/0c5fv8l1j3xqfb3a2ilvw6mpk8v1rz9d-nixos-system-web1-24.05";

    [Fact]
    public void TryParse_StorePath_Reads()
    {
        Assert.True(Toplevel.TryParse(Path, out var toplevel));
        Assert.Equal(Path, toplevel.Path);
        Assert.Equal(Path, toplevel.ToString());
        Assert.Equal("nixos-system-web1-24.05", toplevel.Name);
        Assert.Equal(new Toplevel(Path), toplevel);
    }

    [Theory]
    [InlineData("/nix/store/web1", "web1")] // no hash to leave out
    [InlineData("/store/a", "a")]
    public void Name_WithoutHash_IsTheLastPart(string path, string name) => Assert.Equal(name, new Toplevel(path).Name);

    [Theory]
    [InlineData("/nix/store/1c5fv8l1j3xqfb3a2ilvw6mpk8v1rz9d-nixos-system-web1-24.05", "nixos-system-web1-24.05 (0c5fv8l…)")]
    [InlineData("/nix/store/1c5fv8l1j3xqfb3a2ilvw6mpk8v1rz9d-nixos-system-web1-24.11", "nixos-system-web1-24.05")]
    [InlineData(Path, "nixos-system-web1-24.05")]
    public void NameBeside_SameName_HasDigitsOfTheHash(string other, string name) => Assert.Equal(name, new Toplevel(Path).NameBeside(new Toplevel(other)));

    [Fact]
    public void NameBeside_SameNameWithoutHash_IsThePath() => Assert.Equal("/store/a", new Toplevel("/store/a").NameBeside(new Toplevel("/tmp/a")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("nix/store/a")]
    [InlineData("./result")]
    [InlineData("-a")]
    [InlineData("/nix/store/a/")]
    [InlineData("/nix/store/../../etc")]
    [InlineData("/nix/store/..")]
    [InlineData("/nix/store/./a")]
    [InlineData("/nix/store/a b")]
    [InlineData("/nix/store/a\n")]
    [InlineData("/nix/store/a;reboot")]
    [InlineData("/nix/store/$(reboot)")]
    [InlineData("/nix/store/ä")]
    public void TryParse_AnythingElse_SaysNo(string? text) => Assert.False(Toplevel.TryParse(text, out _));

    [Fact]
    public void Path_OfNoToplevel_IsABug() => Assert.Throws<InvalidOperationException>(() => default(Toplevel).Path);
}
