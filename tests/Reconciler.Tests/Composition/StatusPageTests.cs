using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
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

    [Fact]
    public async Task Connections_BeyondTheLimit_DoNotFillTheLog()
    {
        const int limit = 256;
        const int beyond = 20;
        using var loggers = new CountingLoggers();
        await using var site = Scene.Of("calm");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var page = new StatusPage(new PageSettings($"http://{address}", [], null), () => site.Services, new VirtualTime(), loggers);
        var running = page.RunAsync(end.Token);
        while (page.Status!.Trouble is not null)
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        var connections = new List<TcpClient>();
        try
        {
            for (var i = 0; i < limit + beyond; i++)
            {
                var client = new TcpClient();
                connections.Add(client);
                await client.ConnectAsync(address, Stop);
            }

            // Those beyond the limit are closed; once the last is, all that is said of them has been said.
            Assert.Equal(0, await connections[^1].GetStream().ReadAsync(new byte[1], Stop));
        }
        finally
        {
            connections.ForEach(client => client.Dispose());
        }

        await end.CancelAsync();
        await running;
        Assert.InRange(loggers.Warnings, 0, 1);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class CountingLoggers : ILoggerFactory, ILogger
    {
        private int _warnings;

        public int Warnings => Volatile.Read(ref _warnings);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                Interlocked.Increment(ref _warnings);
            }
        }
    }
}
