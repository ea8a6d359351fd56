using System.Text;
using Webhooks.Payloads;
using Webhooks.Providers;
using Webhooks.Tests.Making;
using Xunit;

namespace Webhooks.Tests.Fuzzing;

/// <summary>Damaged bodies and headers, 100,000 of them, from one seed: nothing throws, and nothing takes more memory than it should.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20_300_102;
    private const int BodiesPerSender = 25_000;
    private const int HeadersPerSender = 5_000;
    private const int Room = 8 * 1024;
    private static readonly string?[] Events = ["push", "push", "push", "pull_request", "merge_request", "tag_push", "ping", null];

    [Theory]
    [InlineData(WebhookProvider.GitHub, "github")]
    [InlineData(WebhookProvider.Forgejo, "forgejo")]
    [InlineData(WebhookProvider.GitLab, "gitlab")]
    [InlineData(WebhookProvider.Generic, "generic")]
    public void Read_SurvivesDamagedBodies(WebhookProvider provider, string folder)
    {
        var random = new Random(Seed + (int)provider);
        var mutator = new Mutator(random);
        var forge = Forge.Of(provider, TimeSpan.FromMinutes(5));
        var bodies = Payload.All(folder).Select(payload => payload.Body).ToArray();
        bodies = [.. bodies, .. bodies.Select(body => Encoding.UTF8.GetBytes("payload=" + Uri.EscapeDataString(Encoding.UTF8.GetString(body))))];
        var buffer = new byte[bodies.Max(body => body.Length) + 4096];
        var outcomes = new Dictionary<Type, int>();
        for (var i = 0; i < BodiesPerSender; i++)
        {
            var which = random.Next(bodies.Length);
            var length = mutator.Mutate(bodies[which], buffer);
            var contentType = which < bodies.Length / 2 ? "application/json" : "application/x-www-form-urlencoded";
            var name = Events[random.Next(Events.Length)];
            var most = (6 * length) + Room;
            var (reading, taken) = Measure(forge, name, contentType, buffer.AsSpan(0, length));

            // The first error of a kind loads its words; what is left the second time is the body's.
            taken = taken <= most ? taken : Measure(forge, name, contentType, buffer.AsSpan(0, length)).Taken;
            Assert.True(taken <= most, $"Body {i} of {length} bytes took {taken} bytes.");
            outcomes[reading.GetType()] = outcomes.GetValueOrDefault(reading.GetType()) + 1;
        }

        // Were it only nonsense, the run would have tried little.
        Assert.True(outcomes.GetValueOrDefault(typeof(Reading.Heard)) > 200, string.Join(", ", outcomes));
        Assert.True(outcomes.GetValueOrDefault(typeof(Reading.Senseless)) > 1000, string.Join(", ", outcomes));
    }

    [Theory]
    [InlineData(WebhookProvider.GitHub)]
    [InlineData(WebhookProvider.Forgejo)]
    [InlineData(WebhookProvider.GitLab)]
    [InlineData(WebhookProvider.Generic)]
    public void Verify_BelievesNoDamagedHeaders(WebhookProvider provider)
    {
        var random = new Random(Seed + (int)provider);
        var mutator = new Mutator(random);
        var forge = Forge.Of(provider, TimeSpan.FromMinutes(5));
        byte[][] secrets = [Encoding.UTF8.GetBytes(Sign.Secret), "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="u8.ToArray()];
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        byte[] body = "{}"u8.ToArray();
        var good = Encoding.Latin1.GetBytes("sha256=" + Sign.Hex(body));
        var buffer = new byte[4096];
        for (var i = 0; i < HeadersPerSender; i++)
        {
            var damaged = Encoding.Latin1.GetString(buffer, 0, mutator.Mutate(good, buffer));
            var time = Encoding.Latin1.GetString(buffer, 0, mutator.Mutate("1700000000"u8, buffer));
            var delivery = new Delivery(
                Headers.Of(
                    ("X-Hub-Signature-256", damaged), ("X-Forgejo-Signature", damaged), ("X-Reconciler-Signature-256", damaged), ("X-Gitlab-Token", damaged),
                    ("webhook-signature", "v1," + damaged), ("webhook-timestamp", time), ("webhook-id", damaged), ("X-GitHub-Delivery", damaged), ("X-Gitlab-Event", damaged)),
                body);
            var isUnhurt = string.Equals(damaged, "sha256=" + Sign.Hex(body), StringComparison.OrdinalIgnoreCase);
            Assert.True(isUnhurt || forge.Verify(delivery, secrets, now) is not SignatureVerdict.Genuine, damaged);
            Assert.True(forge.DeliveryId(delivery) is null or { Length: <= 128 });
            forge.EventName(delivery);
        }
    }

    // The reader's exception words the rest of the body into its message, three times over, in two bytes a character: hence six times its length.
    private static (Reading Reading, long Taken) Measure(Forge forge, string? name, string contentType, ReadOnlySpan<byte> body)
    {
        // A form is decoded in place.
        var copy = body.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = forge.Read(name, contentType, copy.AsSpan());
        return (reading, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
