using System.Diagnostics;
using System.Text;
using Reconciler.Adapters.Traces;
using Reconciler.Model;
using Reconciler.Tests.Golden;
using Xunit;

namespace Reconciler.Tests.Adapters.Traces;

/// <summary>What is sent is what OpenTelemetry's own messages read. Where node or its packages are missing, skipped: <c>./test</c> fetches them.</summary>
public sealed class OtlpContractTests
{
    private static readonly HostName Web1 = new("web1");

    [Theory]
    [MemberData(nameof(TraceBuildingTests.Ends), MemberType = typeof(TraceBuildingTests))]
    public async Task Request_IsReadByTheMessagesOfOpenTelemetry(string end)
    {
        var spans = TraceBuilding.Of(Web1, TraceBuildingTests.Ended(end));

        var (code, output, error) = await CheckAsync(Encoding.UTF8.GetString(OtlpJson.Request(Web1, "1.2.3", spans)));

        Assert.True(code == 0, error);
        Assert.Equal(spans.Select(span => span.Name), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("\"kind\":1", "\"kindd\":1")]
    [InlineData("\"startTimeUnixNano\"", "\"startTime\"")]
    [InlineData("\"traceId\":\"", "\"traceId\":\"00")]
    [InlineData("\"code\":1", "\"code\":\"STATUS_CODE_OK\"")]
    public async Task Check_SeesWhatIsWrong(string right, string wrong)
    {
        var sent = Encoding.UTF8.GetString(OtlpJson.Request(Web1, "1.2.3", TraceBuilding.Of(Web1, TraceBuildingTests.Ended("confirmed"))));
        Assert.Contains(right, sent, StringComparison.Ordinal);

        var (code, _, _) = await CheckAsync(sent.Replace(right, wrong, StringComparison.Ordinal));

        Assert.NotEqual(0, code);
    }

    private static async Task<(int Code, string Output, string Error)> CheckAsync(string request)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(GoldenText.RepositoryRoot, "artifacts", "otlp", "node_modules")), "The packages of OpenTelemetry are not here; ./test --only unit fetches them.");
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(GoldenText.RepositoryRoot, "tests", "otlp", "check.cjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await node.StandardInput.WriteAsync(request);
        node.StandardInput.Close();
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, await output, error);
    }
}
