using System.Net;

namespace FakeGitHub;

/// <summary>How a fake GitHub is made.</summary>
internal sealed record FakeGitHubOptions(string Root)
{
    /// <summary>Port 0 for any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Above what 32 bits hold, as GitHub's ids are now.</summary>
    public long FirstId { get; init; } = (1L << 31) + 1001;

    public int RequestsPerHour { get; init; } = 5000;

    /// <summary>Refuse those who send too fast, as GitHub does; by the clock, which has to move then.</summary>
    public bool SecondaryLimits { get; init; }

    /// <summary>For faults that strike by chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Check every request and answer against GitHub's description of its API.</summary>
    public bool CheckContract { get; init; } = true;
}
