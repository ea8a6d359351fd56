using Microsoft.Extensions.Logging;

namespace Webhooks;

public sealed partial class SecretFiles
{
    [LoggerMessage(1, LogLevel.Warning, "The webhook secret in {Path} cannot be used: {Reason}. Deliveries signed with it are refused until the file holds a secret.")]
    private partial void LogUnusable(string path, string reason);
}
