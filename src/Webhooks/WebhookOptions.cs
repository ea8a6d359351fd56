namespace Webhooks;

/// <summary>How the endpoint behaves. The defaults suit one host and one forge.</summary>
public sealed record WebhookOptions
{
    /// <summary>Who sends.</summary>
    public required WebhookProvider Provider { get; init; }

    /// <summary>The path deliveries are posted to.</summary>
    public string Path { get; init; } = "/hook";

    /// <summary>The largest body, in bytes.</summary>
    public int BodyLimit { get; init; } = 3 * 1024 * 1024;

    /// <summary>The most bytes of bodies held at once, over all connections. What comes beyond is answered 503.</summary>
    public long BufferLimit { get; init; } = 32L * 1024 * 1024;

    /// <summary>How long a body may take to arrive. GitHub itself gives up after 10 seconds.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests a second from one source address, in the long run.</summary>
    public int SourceRate { get; init; } = 250;

    /// <summary>Requests a source that was quiet may send at once.</summary>
    public int SourceBurst { get; init; } = 500;

    /// <summary>Requests a second over all sources, in the long run.</summary>
    public int GlobalRate { get; init; } = 500;

    /// <summary>Requests that may come at once after a quiet time, over all sources.</summary>
    public int GlobalBurst { get; init; } = 1000;

    /// <summary>Hints that may wait for the listener.</summary>
    public int QueueSize { get; init; } = 256;

    /// <summary>Deliveries that are known again when they come once more.</summary>
    public int RememberedDeliveries { get; init; } = 4096;

    /// <summary>How far the time of a signed delivery may be from ours, either way (GitLab's signing token). Standard Webhooks says five minutes.</summary>
    public TimeSpan TimestampTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the last address in <c>X-Forwarded-For</c> is the source when the peer is this machine. A proxy must set it then.</summary>
    public bool TrustForwardedFor { get; init; }

    /// <summary>Connections open at once.</summary>
    public int MaxConnections { get; init; } = 128;

    /// <summary>What cannot work, each with its cure; empty when all is well.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. PathProblem() is { } path ? new[] { path } : [],
        .. TooSmall(BodyLimit, 1024, nameof(BodyLimit)),
        .. TooSmall(BufferLimit, BodyLimit * 2L, nameof(BufferLimit)),
        .. TooSmall(SourceRate, 1, nameof(SourceRate)),
        .. TooSmall(SourceBurst, 1, nameof(SourceBurst)),
        .. TooSmall(GlobalRate, 1, nameof(GlobalRate)),
        .. TooSmall(GlobalBurst, 1, nameof(GlobalBurst)),
        .. TooSmall(QueueSize, 1, nameof(QueueSize)),
        .. TooSmall(RememberedDeliveries, 1, nameof(RememberedDeliveries)),
        .. TooSmall(MaxConnections, 1, nameof(MaxConnections)),
        .. TooSmall((long)ReadTimeout.TotalMilliseconds, 1, nameof(ReadTimeout)),
        .. TooSmall((long)TimestampTolerance.TotalSeconds, 1, nameof(TimestampTolerance)),
    ];

    private static IEnumerable<string> TooSmall(long value, long least, string name) =>
        value < least ? [$"{name} is {value}; it must be at least {least}."] : [];

    private string? PathProblem() =>
        Path.StartsWith('/') && Path.Length is > 1 and <= 128 && Path.All(IsPlain)
            ? null
            : "The path must begin with '/', have 2 to 128 characters, and consist of letters, digits and '/', '-', '_', '.'.";

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '/' or '-' or '_' or '.';
}
