using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>When and how the host may be rebooted into a system on trial.</summary>
internal sealed record RebootPolicy
{
    /// <summary>Which systems are tried by booting them.</summary>
    public RebootWhen When { get; init; } = RebootWhen.Never;

    /// <summary>When reboots into a system on trial may begin; empty means at any time. Several windows add up.</summary>
    public ImmutableArray<MaintenanceWindow> Windows { get; init; } = [];

    /// <summary>How long before a reboot it is announced; zero for not at all.</summary>
    public TimeSpan Notice { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Failures in this time after a boot are not counted: services take longer to come up than after an activation.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether programs that ask for no reboot are heard.</summary>
    public bool RespectInhibitors { get; init; } = true;

    /// <summary>Whether nobody may be logged in.</summary>
    public bool WaitForUsers { get; init; }

    /// <summary>How long a machine that was asked to reboot may take to go down before it is asked again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a host on a system that failed waits for programs that ask for no reboot, before it is rebooted all the same to come back.</summary>
    public TimeSpan ReturnPatience { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long to wait before asking again whether an inhibitor or a user has gone.</summary>
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromMinutes(1);
}
