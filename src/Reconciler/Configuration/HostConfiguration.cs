using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>All that one configuration file says, with the defaults filled in. Every value in it was checked.</summary>
internal sealed record HostConfiguration
{
    /// <summary>Where the file is unless the command line says otherwise.</summary>
    public const string DefaultPath = "/etc/reconciler/config.json";

    /// <summary>The file it was read from; null when it was made otherwise.</summary>
    public string? Source { get; init; }

    /// <summary>This host, as the repository names it.</summary>
    public required HostName Host { get; init; }

    /// <summary>Where the configuration of the host comes from.</summary>
    public required RepositorySettings Repository { get; init; }

    /// <summary>How a commit is built.</summary>
    public required BuildSettings Build { get; init; }

    /// <summary>What must be there before an activation.</summary>
    public required PreflightSettings Preflight { get; init; }

    /// <summary>How long a trial lasts and how its probes count.</summary>
    public required TrialSettings Trial { get; init; }

    /// <summary>Checks of the daemon's own, run besides those a system declares.</summary>
    public required ImmutableArray<HealthCheck> Checks { get; init; }

    /// <summary>When activations may begin.</summary>
    public required MaintenanceSettings Maintenance { get; init; }

    /// <summary>Section <c>reboot</c>.</summary>
    public required RebootSettings Reboot { get; init; }

    /// <summary>What is done when something else runs than was confirmed.</summary>
    public required DriftSettings Drift { get; init; }

    /// <summary>How many generations are kept.</summary>
    public required GenerationSettings Generations { get; init; }

    /// <summary>Where people are told how deployments go, besides git itself.</summary>
    public required ForgeSettings Forge { get; init; }

    /// <summary>How the forge says that something was pushed.</summary>
    public required WebhookSettings Webhook { get; init; }

    /// <summary>Who is given word of what went wrong, and how.</summary>
    public required NotificationSettings Notifications { get; init; }

    /// <summary>Who is sent traces of deployments.</summary>
    public required TraceSettings Traces { get; init; }

    /// <summary>The status page.</summary>
    public required PageSettings Page { get; init; }

    /// <summary>Where things are.</summary>
    public required PathSettings Paths { get; init; }

    /// <summary>The control socket.</summary>
    public required ControlSettings Control { get; init; }

    /// <summary>The daemon's log.</summary>
    public required LogSettings Log { get; init; }
}
