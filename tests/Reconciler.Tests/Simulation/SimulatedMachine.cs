using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Simulation;

/// <summary>
/// A NixOS machine in memory. Profile, boot entry and flushed store paths survive a power cut; what runs, and activations under way, do not.
/// An activation goes on when the daemon dies.
/// </summary>
internal sealed partial class SimulatedMachine : INixBuilder, INixHost, IHealth
{
    private readonly Chance _chance;
    private readonly ManualTime _clock;
    private readonly Func<Revision, Nature> _natureOf;
    private readonly Dictionary<Toplevel, Nature> _natures = [];
    private readonly HashSet<Toplevel> _flushed = [];
    private readonly Dictionary<ActivationName, ActivationOutcome?> _activations = [];
    private readonly List<Generation> _generations = [];
    private int _boots = 1;
    private Toplevel _durableBootEntry;
    private Toplevel _durableProfile;
    private bool _isFlushDue;

    public SimulatedMachine(Toplevel original, Func<Revision, Nature> natureOf, Chance chance, ManualTime clock, int seed = 0)
    {
        Store = new SimulatedStore(chance, seed);
        (_chance, _clock, _natureOf) = (chance, clock, natureOf);
        (Running, Booted, BootEntry) = (original, original, original);
        (_durableBootEntry, _durableProfile) = (original, original);
        _natures[original] = new Nature { Toplevel = original };
        _flushed.Add(original);
        _generations.Add(new Generation(1, original, clock.GetUtcNow(), true));
        chance.PowerCut = CutPower;
    }

    /// <summary>What looks after the store.</summary>
    public SimulatedStore Store { get; }

    public Toplevel Running { get; private set; }

    public Toplevel Booted { get; private set; }

    /// <summary>What the boot loader starts after a power cut.</summary>
    public Toplevel BootEntry { get; private set; }

    /// <summary>Whether a switch broke off half way: the links tell nothing of it.</summary>
    public bool IsHalfActive { get; private set; }

    /// <summary>What a power cut now may land on: the boot entry, and the one before it until that is flushed.</summary>
    public (Toplevel New, Toplevel Durable) Bootable => (BootEntry, _durableBootEntry);

    public Toplevel Profile => _generations.Single(g => g.IsBootDefault).Toplevel;

    public int Activations { get; private set; }

    /// <summary>Whether no boot entry can be written.</summary>
    public bool BootIsFull { get; set; }

    /// <summary>Called before anything on the machine changes.</summary>
    public Action<Act, Toplevel> BeforeAct { get; set; } = (_, _) => { };

    /// <summary>Power fails: volatile state is gone, the boot entry runs.</summary>
    public void CutPower() => GoDown(isOrderly: false);

    private void GoDown(bool isOrderly)
    {
        _boots++;
        _activations.Clear();
        if (BootEntry != _durableBootEntry && _chance.Of(0.5))
        {
            BootEntry = _durableBootEntry;
        }

        if (Profile != _durableProfile && _chance.Of(0.5))
        {
            SetGeneration(_durableProfile);
        }

        (_durableBootEntry, _durableProfile, IsHalfActive) = (BootEntry, Profile, false);
        if (isOrderly)
        {
            _flushed.UnionWith(_natures.Keys);
        }
        else
        {
            Store.LosePower(_natures.Keys.Where(made => !_flushed.Contains(made)));
        }

        Check(_flushed.Contains(BootEntry), $"the boot entry {BootEntry.Name} is whole after a power cut");
        (Running, Booted) = Boot() is var boots ? (boots, boots) : default;
    }

    /// <summary>Somebody switches by hand, for good.</summary>
    public void SwitchByHand(Toplevel toplevel)
    {
        _natures.TryAdd(toplevel, new Nature { Toplevel = toplevel, Activation = HasNewInit(Running) ? new ActivationOutcome.NeedsReboot() : new ActivationOutcome.Succeeded() });
        _flushed.Add(toplevel);
        SetGeneration(toplevel);
        (BootEntry, Running, IsHalfActive) = (toplevel, toplevel, false);
        (_durableBootEntry, _durableProfile) = (toplevel, toplevel);
    }

    /// <summary>The dead-man's switch puts the host back; no daemon is asked.</summary>
    /// <param name="order">What it was told.</param>
    /// <param name="isSound">Whether the switch goes through; otherwise it breaks off half way.</param>
    public void PutBackUnattended(DeadMansOrder order, bool isSound)
    {
        // By the time it acts, an activation under way has long been ended by its own limit.
        if (_pending is { } pending && !Finish(pending.Name))
        {
            return;
        }

        if (order.BootToo && !BootIsFull)
        {
            SetGeneration(order.PutBack);
            BootEntry = order.PutBack;
        }

        (Running, IsHalfActive, _isFlushDue) = (order.PutBack, !isSound, true);
    }

    public HostState Observe() => new(Running, Booted, Profile, _boots.ToString(CultureInfo.InvariantCulture));

    public Task<BuildOutcome> BuildAsync(string workTree, IDeploymentLog log, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("in build"))
        {
            return Chance.Never<BuildOutcome>();
        }

        if (_chance.Of(_chance.Trouble))
        {
            return Task.FromResult<BuildOutcome>(new BuildOutcome.Failed(new Failure.BuildInterrupted(WorldTrouble.Network, "")));
        }

        var nature = _natureOf(new Revision(workTree[(workTree.LastIndexOf('/') + 1)..]));
        if (nature.BuildFailure is { } failure)
        {
            return Task.FromResult<BuildOutcome>(new BuildOutcome.Failed(failure));
        }

        if (Store.DamageMetBuilding(nature.Toplevel) is { } damage)
        {
            return Task.FromResult<BuildOutcome>(new BuildOutcome.Failed(damage));
        }

        _natures[nature.Toplevel] = nature;
        if (Store.Removed.Remove(nature.Toplevel))
        {
            _flushed.Remove(nature.Toplevel);
        }

        if (_chance.Strikes("after build"))
        {
            return Chance.Never<BuildOutcome>();
        }

        return Task.FromResult<BuildOutcome>(new BuildOutcome.Built(nature.Toplevel));
    }

    public Task<PreviewOutcome> PreviewAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("in preview"))
        {
            return Chance.Never<PreviewOutcome>();
        }

        if (_chance.Of(_chance.Trouble))
        {
            return Task.FromResult<PreviewOutcome>(new PreviewOutcome.Refused(new Failure.NotEnoughSpace("/boot", 2, 1)));
        }

        if (Store.IsDamaged(toplevel))
        {
            return Task.FromResult<PreviewOutcome>(new PreviewOutcome.Refused(new Failure.PreSwitchCheckFailed("no such file")));
        }

        return Task.FromResult<PreviewOutcome>(_natures[toplevel].PreviewFailure is { } failure
            ? new PreviewOutcome.Refused(failure)
            : new PreviewOutcome.Ready(new SystemPlan { RebootReasons = KernelDiffers(toplevel) ? ["kernel"] : [] }));
    }

    public Task<Failure?> FlushStoreAsync(CancellationToken cancellationToken)
    {
        if (_chance.DiesSpokenTo() || _chance.Strikes("before flush"))
        {
            return Chance.Never<Failure?>();
        }

        if (_chance.Of(_chance.Trouble))
        {
            return Task.FromResult<Failure?>(new Failure.HostToolFailed("sync", "I/O error"));
        }

        _flushed.UnionWith(_natures.Keys);
        (_durableBootEntry, _durableProfile, _isFlushDue) = (BootEntry, Profile, false);
        if (_chance.Strikes("after flush"))
        {
            return Chance.Never<Failure?>();
        }

        return Task.FromResult<Failure?>(null);
    }

    public Task<ActivationOutcome> ActivateAsync(ActivationName name, Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        if (_activations.TryGetValue(name, out var known) && known is null)
        {
            return AwaitActivationAsync(name, log, cancellationToken);
        }

        if (_chance.Strikes("before activation"))
        {
            return Chance.Never<ActivationOutcome>();
        }

        if (_pending is { } other && _activations.TryGetValue(other.Name, out var ended) && ended is null)
        {
            // The port waits for an activation of ours that an earlier daemon left behind.
            if (!Finish(other.Name))
            {
                return Chance.Never<ActivationOutcome>();
            }
        }

        Check(_activations.Values.All(outcome => outcome is not null), "only one activation runs at a time");
        Check(_flushed.Contains(toplevel), "the store is flushed before a system is activated");
        Check(!Store.IsDamaged(toplevel), "no damaged system is activated");
        BeforeAct(Act.Activate, toplevel);
        _isFlushDue = true;
        Activations++;
        if (_chance.Of(_chance.Trouble))
        {
            ActivationOutcome nothingDone = Activations % 2 == 0 ? new ActivationOutcome.LockHeld() : new ActivationOutcome.NotStarted("no bus");
            _activations[name] = nothingDone;
            return Task.FromResult(nothingDone);
        }

        _activations[name] = null;
        _pending = (name, toplevel);
        if (_chance.Strikes("while the activation begins"))
        {
            return Chance.Never<ActivationOutcome>();
        }

        return AwaitActivationAsync(name, log, cancellationToken);
    }

    private (ActivationName Name, Toplevel Toplevel)? _pending;

    public Task<ActivationSighting> FindActivationAsync(ActivationName name, CancellationToken cancellationToken)
    {
        // The activation went on without the daemon: it may have ended by now.
        if (_activations.TryGetValue(name, out var outcome) && outcome is null && _chance.Of(0.5) && !Finish(name))
        {
            return Chance.Never<ActivationSighting>();
        }

        return Task.FromResult<ActivationSighting>(!_activations.TryGetValue(name, out var now) ? new ActivationSighting.NotFound()
            : now is null ? new ActivationSighting.Running()
            : new ActivationSighting.Ended(now));
    }

    public Task<ActivationOutcome> AwaitActivationAsync(ActivationName name, IDeploymentLog log, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("during activation"))
        {
            return Chance.Never<ActivationOutcome>();
        }

        if (!Finish(name))
        {
            return Chance.Never<ActivationOutcome>();
        }

        _clock.Advance(TimeSpan.FromSeconds(_chance.Below(20)));
        if (_chance.Strikes("after activation"))
        {
            return Chance.Never<ActivationOutcome>();
        }

        return Task.FromResult(_activations[name]!);
    }

    // False when the machine goes down with it.
    private bool Finish(ActivationName name)
    {
        if (_pending is not { } pending || pending.Name != name || !_activations.TryGetValue(name, out var known) || known is not null)
        {
            return true;
        }

        var nature = _natures[pending.Toplevel];
        if (nature.CrashesMachine)
        {
            CutPower();
            _chance.Die("the new system takes the machine down");
            return false;
        }

        if (nature.BreaksEarly)
        {
            IsHalfActive = true;
        }
        else if (HasOtherInit(pending.Toplevel))
        {
            _activations[name] = new ActivationOutcome.NeedsReboot();
            return true;
        }
        else if (nature.Activation is not ActivationOutcome.Refused)
        {
            (Running, IsHalfActive) = (pending.Toplevel, nature.Activation is ActivationOutcome.ScriptFailed or ActivationOutcome.Broken);
        }

        _activations[name] = nature.Activation is ActivationOutcome.NeedsReboot ? new ActivationOutcome.Succeeded() : nature.Activation;
        return true;
    }

    public Task<ProfileOutcome> SetProfileAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("before the profile moves"))
        {
            return Chance.Never<ProfileOutcome>();
        }

        if (_chance.Of(_chance.Trouble))
        {
            return Task.FromResult<ProfileOutcome>(new ProfileOutcome.Failed(new Failure.HostToolFailed("nix-env", "database is locked")));
        }

        BeforeAct(Act.MakeBootDefault, toplevel);
        Check(!_isFlushDue, "the store is flushed once more before the profile moves");
        SetGeneration(toplevel);
        if (_chance.Strikes("after the profile moved"))
        {
            return Chance.Never<ProfileOutcome>();
        }

        return Task.FromResult<ProfileOutcome>(new ProfileOutcome.Set(_generations.Single(g => g.IsBootDefault).Number));
    }

    public Task<Failure?> WriteBootEntryAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        if (_chance.Strikes("before the boot entry moves"))
        {
            return Chance.Never<Failure?>();
        }

        // Its own checks come before the boot entry too.
        if (_natures[toplevel].Activation is ActivationOutcome.Refused)
        {
            return Task.FromResult<Failure?>(new Failure.BootEntryFailed("exit 1: a check says no"));
        }

        if (BootIsFull || _chance.Of(_chance.Trouble))
        {
            return Task.FromResult<Failure?>(new Failure.BootEntryFailed("/boot is full"));
        }

        BeforeAct(Act.MakeBootDefault, toplevel);
        Check(Profile == toplevel, "the boot entry is written for the profile's generation");
        BootEntry = toplevel;
        _inMenu = _trialProfile;
        if (_chance.Strikes("after the boot entry moved"))
        {
            return Chance.Never<Failure?>();
        }

        return Task.FromResult<Failure?>(null);
    }

    public IReadOnlyList<Generation> Generations() => [.. _generations.OrderByDescending(g => g.Number)];

    public Task KeepToReturnToAsync(Toplevel toplevel, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task KeepForDebuggingAsync(DeploymentId deployment, Toplevel toplevel, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PruneGenerationsAsync(IReadOnlyCollection<Toplevel> protect, CancellationToken cancellationToken) => Task.CompletedTask;

    public HealthDeclaration DeclaredBy(Toplevel toplevel) =>
        new([new HealthCheck.UnitIsActive("web", Required: true, TimeSpan.FromSeconds(5), "web.service")], []);

    public Task<ProbeResult> ProbeAsync(HealthCheck check, ImmutableArray<string> failedUnitsBefore, CancellationToken cancellationToken)
    {
        if (_chance.DiesSpokenTo())
        {
            return Chance.Never<ProbeResult>();
        }

        var passes = check is not HealthCheck.UnitIsActive || !(_natures[Running].IsSick || _chance.Of(_chance.Trouble / 4));
        return Task.FromResult(new ProbeResult(check.Name, check.Required, passes, passes ? "active" : "failed", TimeSpan.Zero, []));
    }

    public Task<ImmutableArray<string>> FailedUnitsAsync(CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<string>>([]);

    public Task<JournalExcerpt> JournalAsync(ImmutableArray<string> units, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult(JournalExcerpt.None);

    private void SetGeneration(Toplevel toplevel)
    {
        if (Profile == toplevel)
        {
            return;
        }

        var highest = _generations.MaxBy(g => g.Number)!;
        for (var i = 0; i < _generations.Count; i++)
        {
            _generations[i] = _generations[i] with { IsBootDefault = false };
        }

        if (highest.Toplevel == toplevel)
        {
            _generations[^1] = _generations[^1] with { IsBootDefault = true };
        }
        else
        {
            _generations.Add(new Generation(highest.Number + 1, toplevel, _clock.GetUtcNow(), true));
        }
    }

    private static void Check(bool holds, string rule)
    {
        if (!holds)
        {
            throw new BrokenInvariantException(rule);
        }
    }
}
