using Reconciler.Adapters.Nix;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class StorePathTests
{
    private const string Fields = """ "narHash":"sha256-x","narSize":176,"references":[],"registrationTime":1795715469 """;

    [Theory]
    [InlineData("""[{"path":"/nix/store/a-one",@}]""")] // 2.8
    [InlineData("""{"/nix/store/a-one":{@}}""")] // 2.26
    [InlineData("""{"info":{"a-one":{@}},"storeDir":"/nix/store","version":2}""")] // 2.34
    public void Parse_KnowsTheShapesOfNix(string json) =>
        Assert.Equal(
            new StorePath("/nix/store/a-one", DateTimeOffset.FromUnixTimeSeconds(1795715469), 176),
            Assert.Single(StorePath.Parse(json.Replace("@", Fields, StringComparison.Ordinal), "/nix/store")!));

    [Fact]
    public void Parse_WithoutATime_TakesItForOld() =>
        Assert.Equal(DateTimeOffset.UnixEpoch, Assert.Single(StorePath.Parse("""{"/nix/store/a-one":{"registrationTime":null}}""", "/nix/store")!).RegisteredAt);

    [Theory]
    [InlineData("")]
    [InlineData("[{]")]
    [InlineData("12")]
    [InlineData("""[{"name":"no path"}]""")]
    [InlineData("""[{"path":"/nix/store/a-one","narSize":1""")]
    public void Parse_OfAnythingElse_IsNotUnderstood(string json) => Assert.Null(StorePath.Parse(json, "/nix/store"));
}
