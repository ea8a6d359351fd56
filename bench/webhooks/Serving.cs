using Microsoft.Extensions.Logging.Abstractions;
using Webhooks;

namespace WebhookBench;

/// <summary>The endpoint as the daemon runs it, with a listener that only counts.</summary>
internal static class Serving
{
    public static async Task<int> RunAsync(string listen, string secret, string deliveries)
    {
        using var loggers = new NullLoggerFactory();
        var listener = new Counting();
        var clock = TimeProvider.System;
        var secrets = new SecretFiles([secret], clock, NullLogger<SecretFiles>.Instance);
        var options = new WebhookOptions { Provider = WebhookProvider.GitHub };
        await using var server = new WebhookServer(options, WebhookListen.Parse(listen)!, new WebhookPorts(secrets, listener, new FileDeliveryStore(deliveries), clock, loggers));
        await server.StartAsync(CancellationToken.None);
        Console.WriteLine(new Uri(server.Address).Port);

        // Until the other end of standard input is closed.
        await Console.In.ReadToEndAsync();
        await server.StopAsync(CancellationToken.None);
        Console.WriteLine($"heard {listener.Count}");
        foreach (var (outcome, count) in server.Receiver.Status.Counts.Where(count => count.Value > 0))
        {
            Console.WriteLine($"answered {outcome} {count}");
        }

        return 0;
    }

    private sealed class Counting : IPushListener
    {
        public int Count { get; private set; }

        public void Hear(PushNotice notice) => Count++;

        public void Hear(PullRequestNotice notice) => Count++;

        public void Hear(PingNotice notice) => Count++;
    }
}
