using Microsoft.Extensions.Logging;

namespace Webhooks;

public sealed partial class WebhookReceiver
{
    [LoggerMessage(1, LogLevel.Debug, "Heard {Event}, delivery {Delivery}")]
    private partial void LogHeard(string @event, string delivery);

    [LoggerMessage(2, LogLevel.Warning, "Refused a webhook delivery: {Reason} ({Status}: {Text}). {Count} since this was last said, the latest from {Source}.")]
    private partial void LogRefused(WebhookOutcome reason, int status, string text, string source, long count);

    [LoggerMessage(3, LogLevel.Error, "A webhook delivery met an error in this program; {Count} since this was last said")]
    private partial void LogBroken(Exception bug, long count);

    [LoggerMessage(4, LogLevel.Warning, "Which webhook deliveries were heard cannot be kept on disk: {Reason} Until it can, one that is sent again after a restart is heard again. {Count} since this was last said.")]
    private partial void LogStore(string reason, long count);
}
