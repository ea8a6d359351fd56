using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Composition;
using Reconciler.Configuration;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Web.Site;
using Xunit;

namespace Reconciler.Tests.Composition;

public sealed class StatusPageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Page_IsNotWanted_WithoutAnAddress()
    {
        var page = new StatusPage(new PageSettings(null, [], null), () => throw new InvalidOperationException(), TimeProvider.System, NullLoggerFactory.Instance);

        Assert.False(page.IsWanted);
        Assert.Null(page.Status);
    }

    [Fact]
    public async Task Address_ThatIsTaken_IsSaidAndTriedAgain()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";
        var clock = new VirtualTime();
        await using var site = Scene.Of("calm");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var page = new StatusPage(new PageSettings(address, [], null), () => site.Services, clock, NullLoggerFactory.Instance);

        var running = page.RunAsync(end.Token);
        Assert.Equal(TimeSpan.FromMinutes(1), await clock.NextWaitAsync(Stop));
        Assert.Contains("address already in use", page.Status!.Trouble, StringComparison.OrdinalIgnoreCase);
        Assert.False(running.IsCompleted);

        other.Stop();
        clock.Advance(TimeSpan.FromMinutes(1));
        while (page.Status!.Trouble is not null)
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        using (var http = new HttpClient())
        {
            Assert.Contains("web1", await http.GetStringAsync(new Uri(address), Stop), StringComparison.Ordinal);
        }

        await end.CancelAsync();
        await running;
    }
}
