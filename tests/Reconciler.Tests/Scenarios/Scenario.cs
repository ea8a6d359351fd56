using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Simulation;

namespace Reconciler.Tests.Scenarios;

/// <summary>Plays a story in the simulated world, where nothing happens by chance, and writes down each step of the daemon.</summary>
internal sealed partial class Scenario
{
    private static readonly Actor Alice = Actor.Operator("alice");

    private readonly ManualTime _clock = new();
    private readonly Chance _chance = new(seed: 0);
    private readonly DateTimeOffset _start;
    private readonly FakeOutbox _outbox;
    private readonly SimulatedForge _forge;
    private readonly SimulatedLedger _ledger;
    private readonly SimulatedRepository _repository;
    private readonly SimulatedMachine _machine;
    private readonly SimulatedDeadMansSwitch _deadMan;
    private readonly StringBuilder _told = new();
    private HostPolicy _policy = new();
    private SimulatedDaemon? _daemon;
    private string _lastHold = "";
    private bool _staysAway;

    public Scenario()
    {
        _start = _clock.GetUtcNow();
        _outbox = new FakeOutbox(_clock);
        _forge = new SimulatedForge(_chance, _clock, seed: 0);
        _ledger = new SimulatedLedger(_clock, _chance, _outbox);
        _repository = new SimulatedRepository(_chance);
        _machine = new SimulatedMachine(System("original"), _repository.NatureOf, _chance, _clock);
        _deadMan = new SimulatedDeadMansSwitch(_machine, _chance, _clock, seed: 0);
    }

    /// <summary>The story with what the daemon did after each line.</summary>
    public async Task<string> PlayAsync(IEnumerable<string> script)
    {
        foreach (var line in script.Where(line => line.Length > 0 && line[0] != '#'))
        {
            _told.AppendLine(CultureInfo.InvariantCulture, $"> {line}");
            await PlayAsync(line.Split(' ', 2) is [var verb, var rest] ? (verb, rest) : (line, ""));
            _lastHold = "";
        }

        var names = new[] { ("runs", _machine.Running), ("profile", _machine.Profile), ("boots", _machine.BootEntry) };
        _told.AppendLine(CultureInfo.InvariantCulture, $"= {string.Join(", ", names.Select(part => $"{part.Item1} {part.Item2.Name}"))}");
        _told.AppendLine(CultureInfo.InvariantCulture, $"= {_machine.Activations} activations; reverts offered for: {(_repository.RevertBranches.Count == 0 ? "none" : string.Join(", ", _repository.RevertBranches.Keys))}");
        foreach (var entry in _outbox.Entries)
        {
            _told.AppendLine(CultureInfo.InvariantCulture, $"= {(entry.SentAt is { } sent ? $"{sent - _start:hh\\:mm\\:ss}" : "untold  ")} {Words(entry.Message)}");
        }

        return CommitNumber().Replace(_told.ToString(), "c$1");
    }

    private async Task PlayAsync((string Verb, string What) line)
    {
        switch (line)
        {
            case ("push", var kind):
                _repository.Push(_repository.Commit(_repository.Main, NatureOf(kind, _repository.Main)));
                break;
            case ("push-testing", var kind):
                _repository.PushTesting(_repository.Commit(_repository.Main, NatureOf(kind, _repository.Main)));
                break;
            case ("promote", ""):
                _repository.Push(_repository.Testing!.Value);
                break;
            case ("rewind", ""):
                _repository.Push(_repository.ParentOf(_repository.Main!.Value)!.Value);
                break;
            case ("advance", var time):
                await AdvanceAsync(Duration(time));
                break;
            case ("kill", var where):
                _chance.Doom = (where, false);
                break;
            case ("lose", var where):
                (_chance.Doom, _staysAway) = ((where, false), true);
                break;
            case ("away", var time):
                _clock.Advance(Duration(time));
                if (_deadMan.PassTime())
                {
                    Tell("--- the dead-man's switch acts");
                }

                _staysAway = false;
                break;
            case ("power", "cut"):
                _machine.CutPower();
                _daemon = null;
                break;
            case ("power", ['c', 'u', 't', ' ', .. var where]):
                _chance.Doom = (where, true);
                break;
            case ("boot", var state):
                _machine.BootIsFull = state == "full";
                break;
            case ("switch", "by hand"):
                _machine.SwitchByHand(System("by-hand"));
                break;
            case ("policy", "repair-drift"):
                _policy = _policy with { RepairDrift = true };
                break;
            case ("policy", ['w', 'i', 'n', 'd', 'o', 'w', ' ', .. var opens]):
                var window = new MaintenanceWindow([], TimeOnly.Parse(opens, CultureInfo.InvariantCulture), TimeSpan.FromHours(1), TimeZoneInfo.Utc);
                _policy = _policy with { MaintenanceWindows = [window] };
                break;
            case ("policy", ['r', 'e', 'b', 'o', 'o', 't', ' ', .. var when]):
                _policy = _policy with { Reboot = _policy.Reboot with { When = Enum.Parse<RebootWhen>(when, ignoreCase: true) } };
                break;
            case ("policy", ['r', 'e', 'b', 'o', 'o', 't', '-', 'w', 'i', 'n', 'd', 'o', 'w', ' ', .. var opens]):
                _policy = _policy with
                {
                    Reboot = _policy.Reboot with { Windows = [new MaintenanceWindow([], TimeOnly.Parse(opens, CultureInfo.InvariantCulture), TimeSpan.FromHours(1), TimeZoneInfo.Utc)] },
                };
                break;
            case ("inhibitor", var who):
                _machine.Inhibitors = who == "none" ? [] : [new RebootInhibitor(who, "at work")];
                break;
            case ("one-shot", "lost"):
                _machine.LosesOneShot = true;
                break;
            case ("operator", var request):
                _told.AppendLine(CultureInfo.InvariantCulture, $"  {Ask(request)}");
                break;
            default:
                throw new FormatException($"A story cannot say '{line.Verb} {line.What}'.");
        }
    }

    private string Ask(string request)
    {
        var desk = Daemon().Desk;
        switch (request)
        {
            case "suspend": return desk.Suspend("holiday", Alice).Message;
            case "resume": return desk.Resume(Alice).Message;
            case "rollback": return desk.RollBack(null, Alice).Message;
            case "release": return desk.Release(Daemon().Reader.Read().Quarantine.Keys.Single().Sha, Alice).Message;
            case "allow-rewind":
                _ledger.Append(new LedgerEvent.RewindAllowed(_repository.Main!.Value), Alice);
                return "allowed";
            default: throw new FormatException($"An operator cannot ask for '{request}'.");
        }
    }

    private async Task AdvanceAsync(TimeSpan time)
    {
        var end = _clock.GetUtcNow() + time;
        for (var pass = 0; pass < 1000; pass++)
        {
            var step = await PassAsync();
            if (step is null && _staysAway)
            {
                return;
            }

            if (step is not HostStep.Hold { Reason: var reason })
            {
                continue;
            }

            if (reason.LookAgainAt is not { } again || again > end)
            {
                _clock.Advance(end > _clock.GetUtcNow() ? end - _clock.GetUtcNow() : TimeSpan.Zero);
                return;
            }

            _clock.Advance(again - _clock.GetUtcNow());
        }

        throw new BrokenInvariantException("a story comes to rest");
    }

    private async Task<HostStep?> PassAsync()
    {
        var pass = PassOnceAsync(Daemon());
        if (!pass.IsCompleted)
        {
            Tell($"--- {_chance.Death}");
            _daemon = null;
            return null;
        }

        var step = await pass;
        var words = Words(step);
        if (words != _lastHold)
        {
            Tell(words);
        }

        _lastHold = step is HostStep.Hold ? words : "";
        return step;
    }

    private static async Task<HostStep> PassOnceAsync(SimulatedDaemon daemon)
    {
        await daemon.Watcher.LookAsync("origin", CancellationToken.None);
        var step = await daemon.Reconciler.PassAsync(CancellationToken.None);
        await daemon.Sender.RoundAsync(CancellationToken.None);
        return step;
    }

    private SimulatedDaemon Daemon()
    {
        if (_daemon is null)
        {
            _chance.Revive();
            _daemon = SimulatedDaemon.Start(_ledger, _outbox, _repository, _forge, _machine, _deadMan, _policy, _clock);
        }

        return _daemon;
    }

    private void Tell(string what) => _told.AppendLine(CultureInfo.InvariantCulture, $"  {_clock.GetUtcNow() - _start:hh\\:mm\\:ss} {what}");

    private static string Words(HostStep step) => step switch
    {
        HostStep.Hold { Reason: HoldReason.AwaitingHealth } => "hold: on trial",
        HostStep.Hold s => $"hold: {HoldText.Headline(s.Reason)}",
        HostStep.Adopt s => $"adopt {s.Running.Name}",
        HostStep.Select s => $"select {s.Candidate.Revision} of {s.Candidate.Branch}, or back to {s.RollBackTo.Name}",
        HostStep.MendStore => "look the store over after the power cut",
        HostStep.Build s => $"build {s.Revision}",
        HostStep.Preview s => $"preview {s.Toplevel.Name}",
        HostStep.Stage s => $"stage {s.Toplevel.Name} for one boot ({string.Join(", ", s.Reasons)})",
        HostStep.AnnounceReboot => "announce the reboot",
        HostStep.Reboot s => $"reboot once into {s.Toplevel.Name}",
        HostStep.TakeUpBoot => "came up on it",
        HostStep.Try s => $"try {s.Toplevel.Name}",
        HostStep.Confirm s => $"confirm {s.Toplevel.Name}",
        HostStep.ConfirmUnchanged s => $"confirm {s.Toplevel.Name} without activation",
        HostStep.RollBack s => $"roll back to {s.To.Name}: {FailureText.Headline(s.Cause)}",
        HostStep.TakeUp s => $"take up that the host was put back unattended, {s.Act.HowEnded}",
        HostStep.GiveUp s => $"give up: {s.Detail}",
        HostStep.Fail s => $"fail: {FailureText.Headline(s.Cause)}",
        HostStep.Supersede s => $"supersede by {s.By}",
        HostStep.Tell s => $"tell of deployment {s.Deployment.Id}",
        HostStep.ReportDrift s => $"report drift from {s.Expected.Name} to {s.Running.Name}",
        HostStep.RepairDrift s => $"repair drift: {s.Expected.Name}, booting {s.BootDefault.Name}",
        _ => step.GetType().Name,
    };

    private static string Words(ForgeMessage message) => message switch
    {
        ForgeMessage.CommitStatus m => $"{m.Commit} {m.State}: {m.Description}{(m.Link is null ? "" : " (with its pull request)")}",
        ForgeMessage.DeploymentProgress m => $"deployment {m.Deployment} {m.State}",
        ForgeMessage.RollbackExplained m => $"pull request that takes {m.Bad} back",
        ForgeMessage.RollbackOvertaken m => $"pull request of {m.Bad} closed: {m.By} works",
        _ => message.Subject,
    };

    private Nature NatureOf(string kind, Revision? parent)
    {
        var good = new Nature { Toplevel = System($"of-c{_repository.Commits + 1}") };
        return kind switch
        {
            "good" => good,
            "sick" => good with { IsSick = true },
            "broken" => good with { BuildFailure = new Failure.EvaluationFailed("error: undefined variable") },
            "crashing" => good with { CrashesMachine = true },
            "kernel" => good with { Kernel = _repository.Commits + 1 },
            "panicking" => good with { Kernel = _repository.Commits + 1, FailsToBoot = true },
            "sick-kernel" => good with { Kernel = _repository.Commits + 1, IsSick = true },
            "other-init" => good with { Activation = new ActivationOutcome.NeedsReboot() },
            "readme" => _repository.NatureOf(parent!.Value),
            "revert" => _repository.NatureOf(_repository.ParentOf(parent!.Value)!.Value),
            _ => throw new FormatException($"No commit is '{kind}'."),
        };
    }

    private static Toplevel System(string name) => new($"/nix/store/{new string('0', 32)}-{name}");

    private static TimeSpan Duration(string text) => int.Parse(text[..^1], CultureInfo.InvariantCulture) * (text[^1] switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        _ => throw new FormatException($"'{text}' is no time."),
    });

    [GeneratedRegex("0{6}([0-9a-f])(?:0{33})?")]
    private static partial Regex CommitNumber();
}
