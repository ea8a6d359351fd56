using System.Diagnostics;

namespace Reconciler.BrowserTests;

/// <summary>A past of a thousand deployments is as quick to look at as a short one.</summary>
public sealed class WeightTests(ITestOutputHelper output)
{
    private const int MostBytes = 200_000;
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/deployments")]
    [InlineData("/deployments?before=3000")]
    [InlineData("/deployments/latest")]
    [InlineData("/generations")]
    [InlineData("/api/v1/status")]
    [InlineData("/api/v1/deployments")]
    public async Task Page_IsQuickAndSmall_WithAThousandDeployments(string path)
    {
        await using var site = await Scene.Of("thousand").StartAsync(Stop);
        using var http = new HttpClient { BaseAddress = site.Address };
        var target = path.Replace("latest", site.Current.History.Latest!.Id.ToString(), StringComparison.Ordinal);
        await http.GetByteArrayAsync(new Uri(target, UriKind.Relative), Stop);
        var times = new List<TimeSpan>();
        var bytes = 0;
        for (var i = 0; i < 15; i++)
        {
            var began = Stopwatch.GetTimestamp();
            bytes = (await http.GetByteArrayAsync(new Uri(target, UriKind.Relative), Stop)).Length;
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        // The quickest: what else the machine does meanwhile is not the page's.
        var time = times.Min();
        output.WriteLine($"{path}: {time.TotalMilliseconds:0.0} ms, {bytes} bytes");
        Assert.Equal(1000, site.Current.History.Deployments.Count);
        Assert.InRange(bytes, 1, MostBytes);
        Assert.InRange(time, TimeSpan.Zero, MostTime);
    }
}
