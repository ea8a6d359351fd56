using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Traces;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Adapters.Rim;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Traces;

/// <summary>Against a collector on this machine that keeps what it is sent.</summary>
public sealed class OtlpTracesTests : HearingTests
{
    public OtlpTracesTests() => _answer = "{\"partialSuccess\":{}}";

    [Theory]
    [InlineData("/", "POST /v1/traces")]
    [InlineData("/otlp/", "POST /otlp/v1/traces")]
    public async Task Trace_IsPostedAsJson(string below, string line)
    {
        Assert.IsType<ForgeAnswer.Done>(await SendAsync(below: below));

        var (heard, headers, body) = Assert.Single(_heard);
        Assert.Equal((line, "application/json"), (heard, headers["Content-Type"].ToString()));
        using var document = JsonDocument.Parse(body);
        Assert.Equal(7, document.RootElement.GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans").GetArrayLength());
    }

    [Fact]
    public async Task Trace_SentOnceMore_IsTheSame()
    {
        await SendAsync();
        await SendAsync();

        Assert.Equal(_heard[0].Body, _heard[1].Body);
    }

    [Fact]
    public async Task Headers_OfAFile_AreSent_AndReadAnew()
    {
        var file = Written("# of the vendor\n\nAuthorization: Bearer t0ken\nX-Scope-OrgID:ops\n");
        await SendAsync(file);
        File.WriteAllText(file, "Authorization: Bearer other\n");
        await SendAsync(file);

        Assert.Equal(("Bearer t0ken", "ops"), (_heard[0].Headers["Authorization"].ToString(), _heard[0].Headers["X-Scope-OrgID"].ToString()));
        Assert.Equal("Bearer other", _heard[1].Headers["Authorization"].ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("t0ken-s3cret\n")]
    [InlineData("Authorization:\n")]
    [InlineData("Authorization: s3cret \u00e9\n")]
    [InlineData("Content-Type: s3cret\n")]
    [InlineData("Host: s3cret\n")]
    [InlineData("A b: s3cret\n")]
    public async Task Headers_ThatCannotBeSet_AreSaidWithoutTheirText(string text)
    {
        var file = Written(text);

        var later = Assert.IsType<ForgeAnswer.Later>(await SendAsync(file));

        Assert.Contains(file, later.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", later.Detail, StringComparison.Ordinal);
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task Headers_OfAFileThatIsMissing_AreSaid() =>
        Assert.Contains("/nowhere/headers", Assert.IsType<ForgeAnswer.Later>(await SendAsync("/nowhere/headers")).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(400, false)]
    [InlineData(413, false)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(502, true)]
    [InlineData(504, true)]
    [InlineData(307, true)]
    public async Task Answer_OtherThanGood_IsTriedLaterUnlessItNeverCanBe(int status, bool later)
    {
        _status = status;

        var answer = await SendAsync();

        Assert.Equal((later, !later), (answer is ForgeAnswer.Later, answer is ForgeAnswer.Refused));
        Assert.Single(_heard);
    }

    [Theory]
    [InlineData("""{"partialSuccess":{"rejectedSpans":"7","errorMessage":"too old"}}""", true)]
    [InlineData("""{"partialSuccess":{"rejectedSpans":0,"errorMessage":"slow down"}}""", false)]
    [InlineData("""{"partialSuccess":null}""", false)]
    [InlineData("not JSON", false)]
    [InlineData("", false)]
    public async Task Spans_ThatAreRejected_AreNotSentAgain(string body, bool isRefused)
    {
        _answer = body;

        var answer = await SendAsync();

        Assert.Equal(isRefused, answer is ForgeAnswer.Refused { Reason: "it rejects spans (7): too old" });
        Assert.Equal(!isRefused, answer is ForgeAnswer.Done);
    }

    [Fact]
    public async Task Pause_ThatIsAskedFor_IsHeld_WithinReason()
    {
        (_status, _retryAfter) = (503, "120");
        Assert.Equal(At.AddMinutes(2), Assert.IsType<ForgeAnswer.Later>(await SendAsync()).NotBefore);

        _retryAfter = "99999999";
        Assert.Equal(At.AddHours(6), Assert.IsType<ForgeAnswer.Later>(await SendAsync()).NotBefore);
    }

    [Fact]
    public async Task Nobody_Listening_IsTriedLater()
    {
        using var traces = Traces(new Uri("http://127.0.0.1:9/"), null);

        var later = Assert.IsType<ForgeAnswer.Later>(await traces.SendAsync(TraceBuildingTests.Ended("rolled-back"), Stop));

        Assert.Equal("127.0.0.1:9 refuses connections: look at its address and at firewalls", later.Detail);
    }

    private string Written(string text)
    {
        var file = Path.Combine(_folder.Path, "headers");
        File.WriteAllText(file, text, Encoding.UTF8);
        return file;
    }

    private OtlpTraces Traces(Uri endpoint, string? headers) => new(new HostName("web1"), endpoint, headers, "1.2.3", _clock, NullLogger<OtlpTraces>.Instance);

    private async Task<ForgeAnswer> SendAsync(string? headers = null, string below = "/")
    {
        using var traces = Traces(new Uri(Address + below), headers);
        return await traces.SendAsync(TraceBuildingTests.Ended("rolled-back"), Stop);
    }
}
