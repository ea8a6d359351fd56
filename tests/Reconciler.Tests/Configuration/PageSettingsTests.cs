using System.Net;
using System.Text;
using Reconciler.Configuration;
using Xunit;

namespace Reconciler.Tests.Configuration;

public sealed class PageSettingsTests
{
    [Fact]
    public void Page_IsOff_UnlessAnAddressIsWritten() => Assert.Null(Read("{}").Listen);

    [Theory]
    [InlineData("http://127.0.0.1:9181", "127.0.0.1:9181")]
    [InlineData("http://127.0.0.1:9181/", "127.0.0.1:9181")]
    [InlineData("127.0.0.1:9181", "127.0.0.1:9181")]
    [InlineData("[::1]:9181", "[::1]:9181")]
    public void Address_IsReadWithAndWithoutItsScheme(string listen, string address) =>
        Assert.Equal((IPEndPoint.Parse(address), null), Read($$"""{"listen": "{{listen}}"}""").ListenOn());

    [Fact]
    public void Socket_IsReadByItsPath() => Assert.Equal((null, "/run/reconciler/page.sock"), Read("""{"listen": "unix:/run/reconciler/page.sock", "group": "caddy"}""").ListenOn());

    [Theory]
    [InlineData("https://status.example.org", "https://status.example.org/")]
    [InlineData("http://web1.lan:9181/", "http://web1.lan:9181/")]
    public void PublicUrl_IsWherePeopleReachIt(string written, string address) =>
        Assert.Equal(address, Read($$"""{"listen": "127.0.0.1:9181", "publicUrl": "{{written}}"}""").PublicUrl!.AbsoluteUri);

    [Theory]
    [InlineData("status.example.org")]
    [InlineData("ftp://status.example.org")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://ann:s3cret@status.example.org")]
    [InlineData("https://example.org/reconciler")]
    [InlineData("https://status.example.org/?host=web1")]
    [InlineData("https://status.example.org/#top")]
    public void PublicUrl_ThatWouldLeadElsewhere_IsRefused(string written)
    {
        var error = Assert.Single(Assert.IsType<ConfigurationOutcome.Invalid>(Parse($$"""{"listen": "127.0.0.1:9181", "publicUrl": "{{written}}"}""")).Errors);

        Assert.Equal("$.page.publicUrl", error.Path);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"publicUrl": "https://status.example.org"}""", "$.page.publicUrl")]
    [InlineData("""{"listen": "127.0.0.1"}""", "$.page.listen")]
    [InlineData("""{"listen": "127.0.0.1:0"}""", "$.page.listen")]
    [InlineData("""{"listen": "localhost:9181"}""", "$.page.listen")]
    [InlineData("""{"listen": "https://127.0.0.1:9181"}""", "$.page.listen")]
    [InlineData("""{"listen": "unix:page.sock"}""", "$.page.listen")]
    [InlineData("""{"listen": "unix:/run/../page.sock"}""", "$.page.listen")]
    [InlineData("""{"names": ["status.example.org:443"]}""", "$.page.names")]
    [InlineData("""{"names": ["*.example.org"]}""", "$.page.names")]
    [InlineData("""{"names": [""]}""", "$.page.names")]
    [InlineData("""{"group": "-x"}""", "$.page.group")]
    [InlineData("""{"listn": "127.0.0.1:9181"}""", "$.page.listn")]
    public void Errors_NameTheirPlace(string page, string place) => Assert.Equal([place], Assert.IsType<ConfigurationOutcome.Invalid>(Parse(page)).Errors.Select(error => error.Path));

    private static PageSettings Read(string page) => Assert.IsType<ConfigurationOutcome.Valid>(Parse(page)).Configuration.Page;

    private static ConfigurationOutcome Parse(string page) =>
        ConfigurationParser.Parse(Encoding.UTF8.GetBytes($$"""{"repository": {"url": "/srv/fleet.git"}, "page": {{page}}}"""), "web1");
}
