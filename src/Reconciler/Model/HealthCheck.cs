using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>One thing that must, or should, hold for a system to be called healthy. A closed set.</summary>
/// <param name="Name">Unique among the checks of a system; shown to people.</param>
/// <param name="Required">Whether its failure rolls back (required) or is only told (wanted).</param>
/// <param name="Timeout">How long one probe may take.</param>
internal abstract record HealthCheck(string Name, bool Required, TimeSpan Timeout)
{
    /// <summary>A systemd unit is active.</summary>
    public sealed record UnitIsActive(string Name, bool Required, TimeSpan Timeout, string Unit) : HealthCheck(Name, Required, Timeout);

    /// <summary>No unit has failed that had not failed before the trial.</summary>
    public sealed record NoNewlyFailedUnits(string Name, bool Required, TimeSpan Timeout) : HealthCheck(Name, Required, Timeout);

    /// <summary>Services a change started or restarted do not fail and are not restarted again and again. Added by the daemon, never declared.</summary>
    public sealed record ServicesStayUp(string Name, bool Required, TimeSpan Timeout, ImmutableArray<string> Units) : HealthCheck(Name, Required, Timeout);

    /// <summary>An address answers with an expected status.</summary>
    /// <param name="Statuses">Accepted status codes; empty means any 2xx.</param>
    /// <param name="BodyContains">Text the first 64 KiB of the body must contain; null means any body.</param>
    public sealed record HttpAnswers(string Name, bool Required, TimeSpan Timeout, Uri Address, ImmutableArray<int> Statuses, string? BodyContains)
        : HealthCheck(Name, Required, Timeout);

    /// <summary>A TCP connection can be made.</summary>
    public sealed record TcpConnects(string Name, bool Required, TimeSpan Timeout, string Host, int Port) : HealthCheck(Name, Required, Timeout);

    /// <summary>A program exits with 0. Started directly, never through a shell.</summary>
    public sealed record CommandSucceeds(string Name, bool Required, TimeSpan Timeout, ImmutableArray<string> Command)
        : HealthCheck(Name, Required, Timeout);

    /// <summary>The repository can still be reached, so that a fix could be pushed.</summary>
    public sealed record RepositoryIsReachable(string Name, bool Required, TimeSpan Timeout) : HealthCheck(Name, Required, Timeout);
}
