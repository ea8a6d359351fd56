using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Reconciling;

/// <summary>Waits for acts whose failure changes nothing on the host, so is not worth a fact. Forgotten in a restart, which tries again at once.</summary>
internal sealed class Postponements(Backoff backoff)
{
    private int _tellFailures;
    private int _repairFailures;

    /// <summary>When telling the repository is due again; null when it is now.</summary>
    public DateTimeOffset? TellAgainAt { get; private set; }

    /// <summary>Why telling failed last; null when it did not.</summary>
    public string? TellTrouble { get; private set; }

    /// <summary>When repairing drift is due again; null when it is now.</summary>
    public DateTimeOffset? RepairAgainAt { get; private set; }

    /// <summary>The system that only a reboot leads away from, as the last repair found; null for none.</summary>
    public Toplevel? RepairTakesReboot { get; private set; }

    /// <summary>When the reboot that is due was announced; null when it was not.</summary>
    public DateTimeOffset? RebootAnnouncedAt { get; set; }

    /// <summary>How often a repair failed in a row.</summary>
    public int RepairFailures => _repairFailures;

    /// <summary>Telling failed.</summary>
    public void TellFailed(string detail, DateTimeOffset now)
    {
        TellTrouble = detail;
        TellAgainAt = now + backoff.After(++_tellFailures);
    }

    /// <summary>Telling worked.</summary>
    public void TellWorked() => (_tellFailures, TellAgainAt, TellTrouble) = (0, null, null);

    /// <summary>A repair failed.</summary>
    public void RepairFailed(DateTimeOffset now) => RepairAgainAt = now + backoff.After(++_repairFailures);

    /// <summary>A repair went as far as it can without a reboot.</summary>
    public void RepairStopsAt(Toplevel running) => (_repairFailures, RepairAgainAt, RepairTakesReboot) = (0, null, running);

    /// <summary>A repair worked, or was not needed any more.</summary>
    public void RepairWorked() => (_repairFailures, RepairAgainAt, RepairTakesReboot) = (0, null, null);
}
