using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace WebhookBench;

/// <summary>Sends signed deliveries at a steady rate over connections that stay open, each at its due time whether or not those before it were answered.</summary>
internal sealed class Sending(HttpClient client, byte[] body, string signature)
{
    public static async Task<int> RunAsync(int port, string secretFile, string bodyFile, int rate, int seconds)
    {
        var body = await File.ReadAllBytesAsync(bodyFile);
        var key = Encoding.UTF8.GetBytes((await File.ReadAllTextAsync(secretFile)).TrimEnd('\n'));
        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(key, body));
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 32 };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        await new Sending(client, body, signature).AllAsync(rate, rate * seconds);
        return 0;
    }

    private async Task AllAsync(int rate, int count)
    {
        var run = Guid.NewGuid().ToString("N");
        await OneAsync($"{run}-warm", Stopwatch.GetTimestamp());
        var began = Stopwatch.GetTimestamp();
        var sent = new Task<(int Status, double Milliseconds)>[count];
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < count; i++)
        {
            var due = began + (i * Stopwatch.Frequency / rate);
            while (Stopwatch.GetTimestamp() < due)
            {
                await pace.WaitForNextTickAsync();
            }

            sent[i] = OneAsync($"{run}-{i}", due);
        }

        var answers = await Task.WhenAll(sent);
        Print(answers, Stopwatch.GetElapsedTime(began), body.Length);
    }

    // Measured from when it was due, so that a server that stalls cannot hide it by making the sender wait.
    private async Task<(int Status, double Milliseconds)> OneAsync(string delivery, long due)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "hook") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", delivery);
        request.Headers.Add("X-Hub-Signature-256", signature);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
    }

    private static void Print((int Status, double Milliseconds)[] answers, TimeSpan took, int bytes)
    {
        var times = answers.Select(answer => answer.Milliseconds).Order().ToArray();
        var accepted = answers.Count(answer => answer.Status == (int)HttpStatusCode.Accepted);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"deliveries of {bytes} bytes: {answers.Length}, accepted {accepted}, {accepted / took.TotalSeconds:F1} a second"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"answered within: 50% {At(times, 0.50):F2} ms, 99% {At(times, 0.99):F2} ms, 99.9% {At(times, 0.999):F2} ms, slowest {times[^1]:F2} ms"));
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
