using System.Text;

namespace Webhooks.Tests.Making;

/// <summary>Secrets that a test may change at any time.</summary>
internal sealed class FakeSecrets(params string[] secrets) : IWebhookSecrets
{
    public IReadOnlyList<string> Now { get; set; } = secrets;

    /// <summary>What was handed out last: the receiver must have wiped it.</summary>
    public IReadOnlyList<byte[]> HandedOut { get; private set; } = [];

    public IReadOnlyList<byte[]> Read() => HandedOut = [.. Now.Select(Encoding.UTF8.GetBytes)];
}
