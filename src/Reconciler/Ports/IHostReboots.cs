using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Boots a system once, without making it the boot default, and says what stands in the way of a reboot.</summary>
internal interface IHostReboots
{
    /// <summary>What stands in the way of a reboot now. Never throws but for cancellation.</summary>
    Task<RebootObstacles> ObstaclesAsync(CancellationToken cancellationToken);

    /// <summary>Tells everybody on the host. Never throws but for cancellation.</summary>
    Task AnnounceAsync(string message, CancellationToken cancellationToken);

    /// <summary>Has the next writing of the boot menu add a system, in a profile of its own. Null when done.</summary>
    Task<Failure?> AddToMenuAsync(Toplevel toplevel, CancellationToken cancellationToken);

    /// <summary>Whether the boot menu holds the system, and another one as its default. Null when it does.</summary>
    Task<Failure?> CheckMenuAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken);

    /// <summary>Has the boot loader boot a system of its menu once, durably, and reads that back. Null when done; otherwise nothing is chosen.</summary>
    Task<Failure?> ArmAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken);

    /// <summary>Takes back what <see cref="ArmAsync"/> chose, unless a boot has used it up. Never throws but for cancellation.</summary>
    Task DisarmAsync(CancellationToken cancellationToken);

    /// <summary>Takes back what was chosen, and the profile of <see cref="AddToMenuAsync"/>; the next writing of the menu leaves it out. Never throws but for cancellation.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> LeaveMenuAsync(CancellationToken cancellationToken);

    /// <summary>Asks the machine to reboot. Null when it is going down.</summary>
    /// <param name="inhibited">Whether it is to reboot also when a program asks for no reboot.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Failure?> RebootAsync(bool inhibited, CancellationToken cancellationToken);

    /// <summary>The last lines of the boot that failed, which is the one before this; null when it left none, so that the journal's last boot is an earlier one.</summary>
    /// <param name="bootIdBefore">The boot id of that earlier boot: the one in which the reboot was asked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<JournalExcerpt?> JournalOfFailedBootAsync(string bootIdBefore, CancellationToken cancellationToken);
}
