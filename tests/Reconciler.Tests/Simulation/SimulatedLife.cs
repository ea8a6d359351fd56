using System.Globalization;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;

namespace Reconciler.Tests.Simulation;

/// <summary>One life of a host under one seed: pushes, crashes, power cuts, full disks, operators. The real loop, observer, planner and actuator run in it.</summary>
internal sealed class SimulatedLife
{
    private static readonly Actor Alice = Actor.Operator("alice");
    private static readonly Toplevel Original = new("/nix/store/00000000000000000000000000000000-nixos-original");
    private readonly ManualTime _clock = new();
    private readonly Chance _chance;
    private readonly SimulatedLedger _ledger;
    private readonly FakeOutbox _outbox;
    private readonly SimulatedForge _forge;
    private readonly SimulatedRepository _repository;
    private readonly SimulatedMachine _machine;
    private readonly SimulatedDeadMansSwitch _deadMan;
    private readonly Random _absences;
    private readonly Random _hands;
    private readonly HashSet<Toplevel> _madeByHand = [];
    private readonly HashSet<Revision> _released = [];
    private readonly List<string> _trace = [];
    private readonly bool _traced;
    private readonly int _seed;
    private readonly HostPolicy _policy;
    private readonly Dictionary<DeploymentId, int> _bootedOnce = [];
    private readonly HashSet<Toplevel> _passedTheGate = [Original];
    private int _systems;
    private SimulatedDaemon _daemon;

    public SimulatedLife(int seed, bool traced = false)
    {
        _traced = traced;
        (_seed, _policy) = (seed, new HostPolicy { RepairDrift = true, Reboot = RebootsOf(seed) });
        _chance = new Chance(seed);
        _outbox = new FakeOutbox(_clock);
        _forge = new SimulatedForge(_chance, _clock, seed);
        _ledger = new SimulatedLedger(_clock, _chance, _outbox);
        _repository = new SimulatedRepository(_chance);
        _machine = new SimulatedMachine(Original, _repository.NatureOf, _chance, _clock, seed) { BeforeAct = CheckAct, BootedOnce = CheckBootedOnce };
        _deadMan = new SimulatedDeadMansSwitch(_machine, _chance, _clock, seed);
        _absences = new Random(unchecked(seed * 41) + 3);
        _hands = new Random(unchecked(seed * 43) + 7);
        _chance.Speak = SpeakInAStep;
        _repository.Push(_repository.Commit(null, Sound()));
        _daemon = Start();
    }

    public int Passes { get; private set; }

    public int Crashes { get; private set; }

    /// <summary>How often a damaged system was removed from the store, and how often a build came upon one.</summary>
    public (int Removed, int Met) Damage => (_machine.Store.Mended, _machine.Store.Met);

    public HostHistory History => _daemon.Reader.Read();

    public IReadOnlyList<string> Trace => _trace;

    /// <summary>Lives a stormy while, then lets the world calm down and checks how the host settled.</summary>
    public async Task LiveAsync()
    {
        var stormy = _chance.Below(5) > 0;
        if (stormy)
        {
            _chance.Crash = _chance.Pick(0, 0.02, 0.08);
            _chance.Power = _chance.Pick(0, 0.01, 0.04);
            _chance.LedgerTrouble = _chance.Pick(0, 0.02, 0.1);
            _chance.Trouble = _chance.Pick(0, 0.05, 0.2);
            _chance.Speech = _chance.Pick(0, 0, 0.02);
            _forge.Outages = _chance.Crash; // no dice of its own: what else happens stays what it was
        }

        var events = 4 + _chance.Below(12);
        for (var pass = 0; pass < 400 && events > 0; pass++)
        {
            if (await PassAsync() is HostStep.Hold or null && _chance.Of(0.4))
            {
                Happen();
                events--;
            }
        }

        await SettleAsync();
    }

    /// <summary>Lives a week of deployments beside a forge that is down every so often, for minutes or for days.</summary>
    public async Task LiveAWeekAsync()
    {
        (_chance.Crash, _forge.Outages) = (0.01, 0.3);
        var end = _clock.GetUtcNow() + TimeSpan.FromDays(7);
        while (_clock.GetUtcNow() < end)
        {
            Happen();
            for (var pass = 0; pass < 40 && await PassAsync() is not HostStep.Hold { Reason.LookAgainAt: null }; pass++)
            {
            }

            _clock.Advance(TimeSpan.FromMinutes(_chance.Below(480)));
        }

        await SettleAsync();
    }

    private async Task SettleAsync()
    {
        _chance.Calm();
        _isCalm = true;
        Note("the world calms down");
        HostStep.Hold? settled = null;
        for (var pass = 0; pass < 300 && settled is null; pass++)
        {
            settled = await PassAsync() is HostStep.Hold { Reason: { LookAgainAt: null } and not HoldReason.NothingFetchedYet } hold
                && History.Untold.IsEmpty && pass > 2 ? hold : null;
        }

        Check(settled is not null, "every life settles once the world is calm");
        CheckSettled(settled!);
        await CheckForgeAsync();
        await CheckLeftAloneAsync();
    }

    private async Task CheckForgeAsync()
    {
        _forge.Outages = 0;
        for (var round = 0; round < 20 && !_outbox.Waiting(1).IsEmpty; round++)
        {
            _clock.Advance(TimeSpan.FromHours(13));
            await _daemon.Sender.RoundAsync(CancellationToken.None);
        }

        Check(_outbox.Waiting(1).IsEmpty && _outbox.State().GivenUp == 0, "everything is told once the forge answers");
        var messages = _outbox.Entries.CountBy(entry => SimulatedForge.NameOf(entry.Message)).ToDictionary();
        Check(_forge.Taken.All(taken => taken.Value <= messages[taken.Key]), "nothing is told twice");
        foreach (var entry in _outbox.Entries.Where(entry => entry.SentAt is null))
        {
            Check(_outbox.Entries.Any(later => later.Number > entry.Number && later.Message.Subject == entry.Message.Subject), "only what is out of date is never told");
        }

        foreach (var newest in _outbox.Entries.GroupBy(entry => entry.Message.Subject).Select(subject => subject.Last().Message))
        {
            Check(ForgeShows(newest), "the forge shows the last word on every subject");
        }

        foreach (var deployment in History.Deployments.Values.Where(d => d is { Phase: DeploymentPhase.RolledBack { Cause.Fault: Fault.Revision }, Revision: not null }))
        {
            Check(
                _forge.PullRequests.ContainsKey(deployment.Revision!.Value)
                || History.Deployments.Values.Any(d => d.Id.Position > deployment.Id.Position && d.Phase is DeploymentPhase.Confirmed && d.Revision is not null),
                "a rollback has its pull request, unless a newer commit works");
        }

        foreach (var bad in _forge.PullRequests.Where(request => request.Value).Select(request => request.Key))
        {
            var failed = History.Deployments.Values.Last(d => d.Revision == bad && d.Phase is DeploymentPhase.RolledBack).Id.Position;
            Check(
                !History.Deployments.Values.Any(d => d.Id.Position > failed && d.Phase is DeploymentPhase.Confirmed && d.Revision is not null),
                "no pull request stays open that a newer commit has overtaken");
        }
    }

    private bool ForgeShows(ForgeMessage message) => message switch
    {
        ForgeMessage.CommitStatus m => _forge.Statuses.GetValueOrDefault((m.Commit, m.Kind)) == m,
        ForgeMessage.DeploymentProgress m => _forge.Deployments.GetValueOrDefault(m.Deployment) == m,
        ForgeMessage.RollbackExplained m => _forge.PullRequests.ContainsKey(m.Bad), // one closed when it was overtaken is not opened again
        ForgeMessage.RollbackOvertaken m => !_forge.PullRequests.GetValueOrDefault(m.Bad),
        _ => false,
    };

    private async Task CheckLeftAloneAsync()
    {
        var (position, activations) = (_ledger.Position, _machine.Activations);
        for (var i = 0; i < 3; i++)
        {
            await PassAsync();
        }

        Check(position == _ledger.Position && activations == _machine.Activations, "a settled host is left alone");
    }

    private void CheckSettled(HostStep.Hold settled)
    {
        var history = History;
        Check(
            !_machine.IsHalfActive || (_machine.Running == Original && history.Adopted is null)
            || history is { Latest.Phase: DeploymentPhase.NeedsOperator, Suspension: not null }, // suspending is how an operator at work stops the attempts
            "no half activated system is left");
        if (history.Latest is not { } latest)
        {
            Check(history.Suspension is not null, "a host is only left without a deployment by an operator");
            return;
        }

        Check(latest.Phase.IsSettled || history.Suspension is not null, "every deployment settles");
        Check(latest.Phase is not DeploymentPhase.NeedsOperator || history.Suspension is not null, "a rollback to a sound system does not need an operator");
        if (latest.Phase is DeploymentPhase.Confirmed && settled.Reason is HoldReason.UpToDate)
        {
            Check(_machine.Running == latest.Toplevel && _machine.BootEntry == latest.Toplevel && _machine.Profile == latest.Toplevel, "a confirmed system runs and boots");
        }

        if (latest.Phase is DeploymentPhase.RolledBack or DeploymentPhase.Failed)
        {
            Check(_machine.Running == latest.RollBackTo || _machine.Running == history.GoodSystem || _machine.Running == history.ExpectedSystem || _madeByHand.Contains(_machine.Running), "a failed deployment leaves the host where it was");
            Check(
                latest.Staged is null || _machine.Booted != latest.Toplevel || history.GoodSystem == latest.Toplevel
                || latest.Phase is DeploymentPhase.Failed { Cause: Failure.DisplacedDuringTrial }, // that was the operator's switch
                "a failed system that was booted is not only switched away from");
            Check(_machine.Running != latest.Toplevel || history.GoodSystem == latest.Toplevel || latest.RollBackTo == latest.Toplevel || history.ExpectedSystem == latest.Toplevel, "a failed system does not run on"); // it may have been accepted on the testing branch before
        }

        if (settled.Reason is HoldReason.Quarantined { Cause: { } cause } bad && !_everInterrupted.Contains(bad.Revision) && !history.Deployments.Values.Any(told => told.Revision == bad.Revision && _deadMan.Hurried.Contains(told.Id)))
        {
            Check(!_repository.NatureOf(bad.Revision).IsSound || cause is Failure.SameSystemFailed or Failure.DisplacedDuringTrial or Failure.RefusedByOperator or Failure.Unhealthy or Failure.BootEntryFailed or Failure.NotConfirmedInTime or Failure.BootFailed, "a sound revision is not quarantined without cause");
        }

        Check(
            history.Quarantine.Values.All(held => held.Cause is not (Failure.BuildFailed or Failure.EvaluationFailed or Failure.PreSwitchCheckFailed) || !_repository.NatureOf(held.Revision).IsSound),
            "a sound revision is never quarantined for a damaged store");
        foreach (var deployment in history.Deployments.Values)
        {
            CheckStory(deployment);
        }

        foreach (var group in history.Deployments.Values.Where(d => d.Revision is not null).GroupBy(d => d.Revision!.Value))
        {
            var failures = group.Count(d => d.Phase is DeploymentPhase.RolledBack { Cause.Fault: Fault.Revision } or DeploymentPhase.Failed { Cause.Fault: Fault.Revision });
            Check(failures <= 1 || _released.Contains(group.Key), "a bad revision is never tried again");
        }

        Check(
            history.Deployments.Values.All(d => d.Phase is not DeploymentPhase.Failed { Cause.Fault: Fault.World }),
            "what failed through the world's fault waits and is tried again");
        var told = _ledger.Entries.Select(entry => entry.Fact).OfType<LedgerEvent.Told>().ToList();
        Check(told.DistinctBy(t => t.Deployment).Count() == told.Count, "no end of a deployment is written down as told twice");
    }

    private void CheckStory(Deployment deployment)
    {
        if (deployment.Phase is DeploymentPhase.Confirmed or DeploymentPhase.Accepted)
        {
            var nature = deployment.Revision is { } revision ? _repository.NatureOf(revision) : null;
            Check(nature is not { IsSick: true }, "a sick system is never confirmed");
            Check(!(deployment.IsTesting && deployment.Phase is DeploymentPhase.Confirmed), "a testing deployment is never confirmed");
        }

        if (deployment is { Phase: DeploymentPhase.RolledBack, Revision: { } bad })
        {
            Check(_repository.RevertBranches.ContainsKey(bad), "every rollback is explained");
        }

        if (deployment.Phase is DeploymentPhase.Confirmed or DeploymentPhase.Accepted or DeploymentPhase.RolledBack)
        {
            Check(_repository.Notes.ContainsKey(deployment.Id) && deployment.IsTold, "every end that matters is told");
        }
    }

    private readonly HashSet<Revision> _everInterrupted = [];
    private bool _isCalm;

    // In a simulated world everything ends at once, so a pass that has not ended is one whose daemon died under it.
    private async Task<HostStep?> PassAsync()
    {
        Passes++;
        Disturb();
        var pass = PassOnceAsync();
        if (!pass.IsCompleted)
        {
            Check(_chance.Death is not null, "nothing in a simulated pass waits");
            DaemonDied();
            CheckAlways();
            return null;
        }

        try
        {
            var step = await pass;
            if (_traced)
            {
                Note(Words(step));
            }

            CheckStep(step);
            CheckGuard();
            Advance(step);
            if (step is HostStep.Hold { Reason: HoldReason.BackingOff } && History.Latest?.Phase is DeploymentPhase.Confirming && _hands.Next(8) == 0)
            {
                Note("an operator switches by hand");
                SwitchByHand();
            }

            CheckAlways();
            return step;
        }
        catch (Crash)
        {
            DaemonDied();
        }
        catch (LedgerUnavailableException trouble)
        {
            Note($"--- {trouble.Message}");
            _clock.Advance(TimeSpan.FromSeconds(10));
        }
        catch (LedgerMovedException moved)
        {
            Note($"--- {moved.Message}");
        }

        CheckAlways();
        return null;
    }

    // The daemon cannot start for a day, as when the new system broke or removed it.
    private void StayAway()
    {
        var atStake = History.Latest is { Phase.IsAtStake: true } latest && _deadMan.Order is not null ? latest : null;
        _clock.Advance(TimeSpan.FromDays(1));
        if (_deadMan.PassTime() && History.Latest?.Revision is { } hit)
        {
            Note("the dead-man's switch acts");
            _everInterrupted.Add(hit);
        }

        Check(
            atStake is null || _machine.Running == atStake.RollBackTo || _machine.Running == _machine.BootEntry,
            "a host whose daemon stays away is put back, or restarted into what it boots");
    }

    private async Task<HostStep> PassOnceAsync()
    {
        await _daemon.Watcher.LookAsync("origin", CancellationToken.None);
        var step = await _daemon.Reconciler.PassAsync(CancellationToken.None);
        await _daemon.Sender.RoundAsync(CancellationToken.None);
        return step;
    }

    private void DaemonDied()
    {
        Note($"--- {_chance.Death}");
        if (History.Latest?.Revision is { } hit)
        {
            _everInterrupted.Add(hit);
        }

        Crashes++;
        _clock.Advance(TimeSpan.FromSeconds(1 + _chance.Below(60)));
        if (_absences.Next(6) == 0)
        {
            StayAway();
        }

        _daemon = Start();
    }

    private void Advance(HostStep step)
    {
        if (step is not HostStep.Hold { Reason: var reason })
        {
            _clock.Advance(TimeSpan.FromMilliseconds(_chance.Below(3000)));
            return;
        }

        var until = reason.LookAgainAt ?? _clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        var wait = until - _clock.GetUtcNow();
        _clock.Advance(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
        Check(!_deadMan.PassTime(), "the dead-man's switch never acts on a daemon that is there");
    }

    // --- what the world does

    private void Happen()
    {
        var what = _chance.Below(20);
        Note($"event {what}");
        var tip = _repository.Main!.Value;
        switch (what)
        {
            case < 8:
                _repository.Push(_repository.Commit(tip, AnyNature()));
                break;
            case 8:
                _repository.Push(_repository.Commit(tip, _repository.NatureOf(tip)));
                break;
            case 9 when _repository.ParentOf(tip) is { } earlier:
                _repository.Push(_repository.Commit(tip, _repository.NatureOf(earlier)));
                break;
            case 10 when _repository.ParentOf(tip) is { } fork:
                _repository.Push(_repository.Commit(fork, AnyNature()));
                break;
            case 11 when _repository.ParentOf(tip) is { } rewound:
                _repository.Push(rewound);
                break;
            case 12:
                _repository.PushTesting(_repository.Commit(tip, AnyNature()));
                break;
            case 13:
                _repository.PushTesting(null);
                break;
            case 14:
                Ask(desk => History.Suspension is null ? desk.Suspend("holiday", Alice) : desk.Resume(Alice));
                break;
            case 15 when !History.Quarantine.IsEmpty:
                var held = History.Quarantine.Keys.First();
                _released.Add(held);
                Ask(desk => desk.Release(held.Sha, Alice));
                break;
            case 16:
                Ask(desk => desk.RollBack(null, Alice));
                break;
            case 17 when History.Latest?.Phase.IsSettled == true:
                SwitchByHand();
                break;
            case 18:
                Note("--- power cut");
                _machine.CutPower();
                _daemon = Start();
                if (History.Latest?.Revision is { } hit)
                {
                    _everInterrupted.Add(hit);
                }

                break;
            case 19:
                Ask(desk => History.Pin is null ? desk.Pin(null, Alice) : desk.Unpin(Alice));
                break;
            default:
                _repository.Push(_repository.Commit(tip, Sound()));
                break;
        }
    }

    private void SwitchByHand()
    {
        var made = NewToplevel("by-hand");
        _madeByHand.Add(made);
        _machine.SwitchByHand(made);
    }

    // Should the daemon die of it, the step it speaks into never goes on.
    private void SpeakInAStep() => Ask(
        desk => _chance.Below(3) switch
        {
            0 => desk.Suspend("wait", Alice),
            1 => desk.Resume(Alice),
            _ => desk.RollBack(null, Alice),
        },
        died: () => { });

    private void Ask(Func<OperatorDesk, DeskAnswer> request) => Ask(request, DaemonDied);

    private void Ask(Func<OperatorDesk, DeskAnswer> request, Action died)
    {
        try
        {
            Note(request(_daemon.Desk).Message);
        }
        catch (Crash)
        {
            died();
        }
        catch (LedgerUnavailableException trouble)
        {
            Note($"--- {trouble.Message}");
        }
    }

    private Nature AnyNature()
    {
        var sound = Sound();
        return _chance.Below(16) switch
        {
            0 => sound with { BuildFailure = new Failure.EvaluationFailed("no") },
            1 => sound with { BuildFailure = new Failure.BuildFailed("no") },
            2 => sound with { Activation = new ActivationOutcome.ScriptFailed("no"), IsSick = _seed % 3 != 0 },
            3 => sound with { Activation = new ActivationOutcome.UnitsFailed("some") },
            4 => sound with { Activation = new ActivationOutcome.UnitsFailed("web"), IsSick = true },
            5 => sound with { Activation = new ActivationOutcome.Refused("no") },
            6 => sound with { Activation = new ActivationOutcome.NeedsReboot() },
            7 => sound with { Activation = new ActivationOutcome.Broken("signal 9", ""), BreaksEarly = _chance.Of(0.5), IsSick = _seed % 3 != 0 },
            8 or 9 => sound with { IsSick = true },
            10 => sound with { CrashesMachine = true },
            11 => sound with { PreviewFailure = new Failure.PreSwitchCheckFailed("no") },
            _ => sound,
        };
    }

    private Nature Sound()
    {
        var nature = new Nature { Toplevel = NewToplevel("made") };
        return _seed % 3 == 0 ? nature : nature with { Kernel = _systems / 3, FailsToBoot = _systems % 11 == 5 };
    }

    // Without dice, so that what else happens in a life stays what it was; a third of all lives never reboots.
    private static RebootPolicy RebootsOf(int seed) => (seed % 3, seed % 6) switch
    {
        (0, _) => new RebootPolicy(),
        (_, 1) => new RebootPolicy
        {
            When = RebootWhen.WhenNeeded,
            Windows = [new MaintenanceWindow([], new TimeOnly(2, 0), TimeSpan.FromHours(3), TimeZoneInfo.Utc)],
            WaitForUsers = true,
            ReturnPatience = TimeSpan.FromMinutes(1),
        },
        (_, 2) => new RebootPolicy { When = RebootWhen.Always, Notice = TimeSpan.Zero },
        _ => new RebootPolicy { When = RebootWhen.WhenNeeded },
    };

    // Programs and people come and go, and a boot loader may fail to do what it said.
    private void Disturb()
    {
        if (_seed % 3 != 0)
        {
            _machine.Inhibitors = !_isCalm && (Passes / 5 + _seed) % 4 == 0 ? [new RebootInhibitor("backup", "at work")] : [];
            _machine.Users = !_isCalm && (Passes / 7 + _seed) % 3 == 0 ? ["ada"] : [];
            _machine.LosesOneShot = !_isCalm && (Passes + _seed) % 9 == 0;
        }
    }

    private Toplevel NewToplevel(string name) =>
        new($"/nix/store/{(++_systems).ToString(CultureInfo.InvariantCulture).PadLeft(32, '0')}-nixos-{name}");

    // --- what must always hold

    private void CheckBootedOnce(Toplevel toplevel)
    {
        var latest = History.Latest!;
        _bootedOnce[latest.Id] = _bootedOnce.GetValueOrDefault(latest.Id) + 1;
        Check(latest.Toplevel == toplevel, "only the system of the deployment under way is booted once");
        Check(_bootedOnce[latest.Id] == 1, "a deployment is rebooted into once");
    }

    private void CheckReboot(Toplevel boots)
    {
        var policy = _policy.Reboot;
        if (History.Latest is { Phase: DeploymentPhase.Rebooting })
        {
            Check(_machine.Inhibitors.IsEmpty, "nothing is rebooted into while a program inhibits it");
            Check(policy.Windows.IsEmpty || policy.Windows.Any(window => window.IsOpen(_clock.GetUtcNow())), "nothing is rebooted into outside its window");
            Check(!policy.WaitForUsers || _machine.Users.IsEmpty, "nobody is thrown out who is waited for");
            Check(History.Latest.Toplevel == boots, "a reboot leads to the system on trial");
            return;
        }

        Check(
            History.Latest is { Phase: DeploymentPhase.RollingBack or DeploymentPhase.NeedsOperator, Return: not null } latest && latest.RollBackTo == boots,
            "intent is in the ledger before a reboot, and one to come back leads back");
    }

    private void CheckAct(Act act, Toplevel toplevel)
    {
        if (act == Act.Reboot)
        {
            CheckReboot(toplevel);
            return;
        }

        var history = History;
        var latest = history.Latest;
        var last = _ledger.Entries.Last(entry => entry.Actor == Actor.Daemon).Fact;
        var isPutBack = latest is { Phase: DeploymentPhase.RollingBack or DeploymentPhase.NeedsOperator } && latest.RollBackTo == toplevel;
        var mayActivate = isPutBack
            || last is LedgerEvent.TrialBegan && latest?.Toplevel == toplevel
            || last is LedgerEvent.DriftRepairBegan repair && repair.Expected == toplevel;
        var mayBoot = isPutBack
            || toplevel == _machine.BootEntry // the menu is written anew, and leads where it led
            || latest is { Phase: DeploymentPhase.Planned or DeploymentPhase.OnTrial or DeploymentPhase.AwaitingReboot or DeploymentPhase.Accepted } && latest.RollBackTo == toplevel
            || latest is { Phase: DeploymentPhase.Confirming, IsTesting: false } && latest.Toplevel == toplevel
            || last is LedgerEvent.DriftRepairBegan && history.GoodSystem == toplevel;
        if (!(act == Act.Activate ? mayActivate : mayBoot))
        {
            throw new BrokenInvariantException($"intent is in the ledger before the act ({act} {toplevel.Name}; last fact {last.GetType().Name})");
        }
    }

    private void CheckStep(HostStep step)
    {
        if (step is not HostStep.Select { Candidate: { } chosen })
        {
            return;
        }

        Check(History.Suspension is null, "nothing new begins while suspended");
        Check(
            chosen.Remote == "pin" || History.MainConfirmed is not { } confirmed || _repository.Compare(confirmed, chosen.Revision) is Lineage.Ahead or Lineage.Same,
            "only what contains the confirmed revision is selected");
        Check(!History.Quarantine.ContainsKey(chosen.Revision), "nothing quarantined is selected");
    }

    // What must hold whenever a daemon has ended a step of its own accord.
    private void CheckGuard()
    {
        Check(History.Latest?.Phase is DeploymentPhase.Rebooting || _deadMan.Boots is null, "a boot is not watched any more once it was taken up");
        Check(
            History.Latest is not { Phase: DeploymentPhase.OnTrial { Activation: ActivationOutcome.Succeeded }, Staged: not null } booted
            || _machine.Running != booted.Toplevel || _deadMan.Order?.Deployment == booted.Id || _deadMan.IsRefused,
            "a system that was booted on trial has a dead-man's switch that leads back");
    }

    private void CheckAlways()
    {
        var history = History;
        if (history.Adopted is null)
        {
            return;
        }

        CheckBoots(history, _machine.Bootable.New);
        CheckBoots(history, _machine.Bootable.Durable);
        Check(
            history.Latest is not { Phase: DeploymentPhase.OnTrial or DeploymentPhase.Confirming } trial
            || _machine.Running != trial.Toplevel || trial.Toplevel == trial.RollBackTo || _madeByHand.Contains(_machine.Running)
            || _deadMan.Order is { } order && order.Deployment == trial.Id && order.PutBack == trial.RollBackTo
            || _deadMan.Withdrawn == trial.Id || _machine.Running == _machine.Booted || _machine.Running == history.ExpectedSystem,
            "an unconfirmed system never runs without a dead-man's switch that leads back");
        Check(history.Latest is { Phase.IsAtStake: true } || _deadMan.Order is null, "no dead-man's order stands where nothing is at stake");
    }

    private void CheckBoots(HostHistory history, Toplevel boots)
    {
        if (history.Latest is { BootMayHaveMoved: true, Toplevel: { } passed })
        {
            _passedTheGate.Add(passed);
        }

        Check(_passedTheGate.Contains(boots) || _madeByHand.Contains(boots), "a power cut at any instant lands on a system that passed its gate");
        Check(history.Latest is not { Phase.IsSettled: true } || boots == history.GoodSystem || _madeByHand.Contains(boots) || history.Deployments.Values.Any(d => d.RollBackTo == boots || (d.Phase is DeploymentPhase.Abandoned && d.Toplevel == boots)),
            "with nothing in flight the boot entry is the last confirmed system");
    }

    private void Check(bool holds, string rule)
    {
        if (!holds)
        {
            throw new BrokenInvariantException(rule);
        }
    }

    private string Words(HostStep step)
    {
        var words = step switch
        {
            HostStep.Hold hold => HoldText.Headline(hold.Reason),
            HostStep.RollBack back => FailureText.Headline(back.Cause),
            HostStep.Select select => $"{select.Candidate.Branch} {select.Candidate.Revision.Short[^3..]} or back to {select.RollBackTo.Path[^12..]}",
            HostStep.Fail fail => FailureText.Headline(fail.Cause),
            _ => "",
        };
        return $"{step.GetType().Name} {words} [{History.Latest?.Id} {History.Latest?.Phase.GetType().Name} {History.Latest?.Toplevel?.Path[^12..]} | runs {_machine.Running.Path[^12..]} profile {_machine.Profile.Path[^12..]} boots {_machine.BootEntry.Path[^12..]}]";
    }

    private void Note(string what)
    {
        if (_traced)
        {
            _trace.Add($"{_clock.GetUtcNow():HH:mm:ss} {what}");
        }
    }

    private SimulatedDaemon Start()
    {
        _chance.Revive();
        return SimulatedDaemon.Start(_ledger, _outbox, _repository, _forge, _machine, _deadMan, _policy, _clock);
    }
}
