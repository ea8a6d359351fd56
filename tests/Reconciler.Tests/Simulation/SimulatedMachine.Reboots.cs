using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Simulation;

/// <summary>The boot loader: the menu, and what it is to boot once. Both survive a power cut.</summary>
internal sealed partial class SimulatedMachine : IHostReboots
{
    private Toplevel? _trialProfile;
    private Toplevel? _inMenu;
    private Toplevel? _oneShot;
    private int _reboots;

    /// <summary>Who asks for no reboot now.</summary>
    public ImmutableArray<RebootInhibitor> Inhibitors { get; set; } = [];

    /// <summary>Who is logged in.</summary>
    public ImmutableArray<string> Users { get; set; } = [];

    /// <summary>Whether the boot loader does what it is told only to say so: the choice is lost.</summary>
    public bool LosesOneShot { get; set; }

    /// <summary>Called when a boot uses up what was to be booted once.</summary>
    public Action<Toplevel> BootedOnce { get; set; } = _ => { };

    public Task<RebootObstacles> ObstaclesAsync(CancellationToken cancellationToken) => Task.FromResult(new RebootObstacles(Inhibitors, Users, null));

    public Task AnnounceAsync(string message, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Failure?> AddToMenuAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("before it is staged"))
        {
            return Chance.Never<Failure?>();
        }

        _trialProfile = toplevel;
        return Task.FromResult<Failure?>(null);
    }

    public Task<Failure?> CheckMenuAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("after it was staged"))
        {
            return Chance.Never<Failure?>();
        }

        return Task.FromResult<Failure?>(IsInMenu(toplevel, boots) ? null : new Failure.OneShotBootFailed("the menu lacks it"));
    }

    public Task<Failure?> ArmAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("before the one-shot is set"))
        {
            return Chance.Never<Failure?>();
        }

        if (!IsInMenu(toplevel, boots) || _chance.Of(_chance.Trouble))
        {
            return Task.FromResult<Failure?>(new Failure.OneShotBootFailed("no variables"));
        }

        _oneShot = toplevel;
        return _chance.Strikes("after the one-shot is set") ? Chance.Never<Failure?>() : Task.FromResult<Failure?>(null);
    }

    public Task DisarmAsync(CancellationToken cancellationToken)
    {
        _oneShot = null;
        return Task.CompletedTask;
    }

    public Task<bool> LeaveMenuAsync(CancellationToken cancellationToken)
    {
        var wasThere = _trialProfile is not null;
        (_trialProfile, _oneShot) = (null, null);
        return _chance.Strikes("after it left the menu") ? Chance.Never<bool>() : Task.FromResult(wasThere);
    }

    public Task<Failure?> RebootAsync(bool inhibited, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("before the reboot"))
        {
            return Chance.Never<Failure?>();
        }

        if (_chance.Of(_chance.Trouble))
        {
            // Refused, or agreed to and forgotten.
            return Task.FromResult<Failure?>(++_reboots % 2 == 0 ? new Failure.HostToolFailed("systemctl reboot", "no bus") : null);
        }

        Check(inhibited || Inhibitors.IsEmpty, "nothing is rebooted while a program inhibits it");
        BeforeAct(Act.Reboot, _oneShot ?? BootEntry);
        (_durableBootEntry, _durableProfile) = (BootEntry, Profile); // an orderly shutdown writes everything
        GoDown(isOrderly: true);
        _chance.Die("the machine reboots");
        return Chance.Never<Failure?>();
    }

    public Task<JournalExcerpt?> JournalOfFailedBootAsync(string bootIdBefore, CancellationToken cancellationToken) => Task.FromResult<JournalExcerpt?>(null);

    private bool IsInMenu(Toplevel toplevel, Toplevel boots) => _inMenu == toplevel && BootEntry == boots;

    // A system that cannot be switched to from the others; between two of its kind it can.
    private bool HasOtherInit(Toplevel toplevel) => HasNewInit(toplevel) != HasNewInit(Running);

    private bool HasNewInit(Toplevel toplevel) => _natures[toplevel].Activation is ActivationOutcome.NeedsReboot;

    private bool KernelDiffers(Toplevel toplevel) => _natures[toplevel].Kernel != _natures[Booted].Kernel;

    // What comes up: what was to be booted once, unless that does not come up, and somebody switches the machine off and on again.
    private Toplevel Boot()
    {
        if (_oneShot is not { } once)
        {
            return BootEntry;
        }

        _oneShot = null;
        if (LosesOneShot)
        {
            return BootEntry;
        }

        Check(_flushed.Contains(once), "the staged system is whole when it is booted");
        BootedOnce(once);
        if (_natures[once] is { FailsToBoot: false, CrashesMachine: false })
        {
            return once;
        }

        _boots++;
        return BootEntry;
    }
}
