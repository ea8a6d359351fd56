using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Web.Site;
using Reconciler.Web.Metrics;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed partial class MetricsTests
{
    private static readonly string Monitoring = Path.Combine(GoldenText.RepositoryRoot, "examples", "monitoring");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("busy")]
    [InlineData("rolled-back")]
    [InlineData("empty")]
    public async Task Metrics_OfAScene(string scene) => GoldenText.Check($"metrics-{scene}", await TextAsync(scene));

    [Fact]
    public async Task Metrics_AreTakenByPrometheus()
    {
        foreach (var scene in Scene.All)
        {
            var (code, output) = await PromtoolAsync(await TextAsync(scene), "check", "metrics");
            Assert.True(code == 0, $"{scene}: {output}");
        }
    }

    [Fact]
    public async Task Rules_AreSound_AndRaiseWhatTheyShould()
    {
        var (checkedCode, checkedOutput) = await PromtoolAsync("", "check", "rules", Path.Combine(Monitoring, "reconciler.rules.yml"));
        Assert.True(checkedCode == 0, checkedOutput);
        var (code, output) = await PromtoolAsync("", "test", "rules", Path.Combine(Monitoring, "reconciler.rules.test.yml"));
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("reconciler.rules.yml")]
    [InlineData("dashboard.json")]
    public async Task Examples_UseOnlyMetricsThatThereAre(string file)
    {
        var known = Known().Select(family => family.Name).ToHashSet();
        var used = MetricName().Matches(await File.ReadAllTextAsync(Path.Combine(Monitoring, file), Stop)).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(used);
        Assert.All(used, name => Assert.Contains(name, known));
    }

    [Fact]
    public async Task Dashboard_IsJsonWhosePanelsDoNotOverlap()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Monitoring, "dashboard.json"), Stop));
        var cells = dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel =>
        {
            var at = panel.GetProperty("gridPos");
            return from x in Enumerable.Range(at.GetProperty("x").GetInt32(), at.GetProperty("w").GetInt32())
                   from y in Enumerable.Range(at.GetProperty("y").GetInt32(), at.GetProperty("h").GetInt32())
                   select (x, y);
        }).ToList();

        Assert.Equal(cells.Distinct().Count(), cells.Count);
        Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
    }

    [Fact]
    public void Document_IsMadeFromTheCode()
    {
        var text = new StringBuilder(
            """
            # Metrics

            With [the status page](status-page.md) the daemon serves `/metrics` in Prometheus' text format, on the same address. [Alarms and a dashboard](../examples/monitoring/README.md) for them are
            among the examples. Counts are read from the ledger, so a restart of the daemon does not set them back. What is not known is not told.

            | metric | kind | labels | meaning |
            |---|---|---|---|

            """);
        foreach (var family in Known())
        {
            var labels = family.Samples.SelectMany(sample => sample.Labels).Select(label => $"`{label.Name}`").Distinct();
            text.Append(CultureInfo.InvariantCulture, $"| `{family.Name}` | {family.Kind.ToString().ToLowerInvariant()} | {string.Join(", ", labels)} | {family.Help} |\n");
        }

        text.Append("\nStates and reasons are [those of the status](states.md); phases are `building`, `checking`, `waiting`, `activating`, `onTrial`, `confirming`, `rollingBack`, `stuck`.\n");
        GoldenText.CheckFile(Path.Combine(GoldenText.RepositoryRoot, "docs", "metrics.md"), text.ToString());
    }

    [Fact]
    public void Labels_FromOutside_AreEscaped()
    {
        var text = MetricsText.Of([new MetricFamily("m", MetricKind.Gauge, "h", [new MetricSample(1, ("remote", "a\"} 9\n\\x"))])]);

        Assert.Contains("""m{remote="a\"} 9\n\\x"} 1""", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Metrics_AreServed()
    {
        await using var site = await Scene.Of("calm").StartAsync(Stop);
        using var client = new HttpClient { BaseAddress = site.Address };
        using var answer = await client.GetAsync(new Uri("/metrics", UriKind.Relative), Stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(MetricsText.ContentType, answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("reconciler_state{state=\"upToDate\"} 1\n", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private static Task<string> TextAsync(string scene)
    {
        var status = Scene.Of(scene).Current;
        return Task.FromResult(MetricsText.Of(HostMetrics.Of(status, StatusDocument.Of(status, "1.2.3"))));
    }

    // A host of which everything is known.
    private static ImmutableArray<MetricFamily> Known()
    {
        var status = Scene.Of("rolled-back").Current with
        {
            Forge = new ForgeStatus("GitHub", OutboxState.Empty with { Waiting = 1, OldestAt = DateTimeOffset.UnixEpoch }, RequestsLeft: 4000),
        };
        return HostMetrics.Of(status, StatusDocument.Of(status, "1.2.3"));
    }

    private static async Task<(int Code, string Output)> PromtoolAsync(string input, params string[] arguments)
    {
        var (found, path) = await RunAsync(Path.Combine(GoldenText.RepositoryRoot, "tools", "promtool"), "");
        Assert.SkipWhen(found != 0, $"there is no promtool here: {path}");
        return await RunAsync(path.Trim().Split('\n')[^1], input, arguments);
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await error);
    }

    [GeneratedRegex("reconciler_[a-z_]+")]
    private static partial Regex MetricName();
}
