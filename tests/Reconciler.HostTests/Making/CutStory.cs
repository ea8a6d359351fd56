using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Reconciler.HostTests.Making;

/// <summary>What a machine goes through under power cuts: commit after commit, and what must hold after each boot and each commit.</summary>
internal sealed class CutStory(World world, Random dice)
{
    private static readonly TimeSpan LongestMoment = TimeSpan.FromSeconds(40);
    private readonly StringBuilder _told = new();
    private readonly Dictionary<string, int> _cutIn = [];
    private List<string> _ledger = [];
    private int _commits;
    private int _damaged;
    private int _interrupted;

    /// <summary>How often the power was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>The figures, in one line.</summary>
    public string Figures =>
        $"{_commits} commits, {Cuts} cuts ({string.Join(", ", _cutIn.OrderByDescending(cut => cut.Value).Select(cut => $"{cut.Value} {cut.Key}"))}), "
        + $"{_damaged} damaged paths mended, {_interrupted} sound commits given up after two cuts on trial";

    /// <summary>Pushes a commit, cuts the power on it once or more, and waits until it has ended as it deserves.</summary>
    /// <param name="most">The most cuts there may have been in the end.</param>
    public async Task NextCommitAsync(int most)
    {
        var commit = CutCommit.Any(dice, ++_commits);
        Tell($"push {commit.Mark}, {commit.Kind}");
        var revision = await world.PushAsync(commit.Mark, commit.Nix);
        await CutAsync(commit, revision);
        while (Cuts < most && dice.Next(3) == 0)
        {
            await CutAsync(commit, revision);
        }

        await EndsAsItDeservesAsync(commit, revision);
    }

    /// <summary>At last a commit without a cut, and the whole store is read.</summary>
    public async Task EndAsync()
    {
        var revision = await world.PushAsync("the end");
        await world.ConfirmedAsync(revision, "the end");
        await StoreIsSoundAsync();
    }

    /// <inheritdoc/>
    public override string ToString() => _told.ToString();

    private async Task CutAsync(CutCommit commit, string revision)
    {
        await ArriveAsync(commit, revision);
        await world.Machine.CutPowerAsync();
        var cutAt = DateTimeOffset.UtcNow; // it is down: whatever is in the ledger from before this instant was there
        Cuts++;
        await world.Machine.RestartAsync();
        await BootedWhatItShouldAsync(cutAt);
    }

    // A switch stops at a stage, so that it can be cut there; a boot forgets it.
    private Task<string> StopSwitchAsync(string condition, string stage) => world.Machine.ShellAsync(
        $"""
        mkdir -p /run/nixos
        printf '%s\n' '#!/bin/bash' '[[ $1 = {stage} && {condition} ]] && exec sleep 60' 'exit 0' > /run/nixos/test-hook.new
        chmod +x /run/nixos/test-hook.new
        mv /run/nixos/test-hook.new /run/nixos/test-hook
        """);

    // Most cuts wait for a phase, since some are short; the others come at any time.
    private async Task ArriveAsync(CutCommit commit, string revision)
    {
        var wanted = commit.Phases[dice.Next(commit.Phases.Length)];
        var moment = TimeSpan.FromMilliseconds(dice.Next(0, 300) * (wanted == "any" ? 20 : 1));
        var stage = dice.Next(3);
        var phase = wanted;
        if (Switch(wanted) is { } stopped)
        {
            phase = stopped.Phase;
            await StopSwitchAsync(stopped.Condition, stopped.Stages[stage % stopped.Stages.Length]);
        }

        var end = DateTimeOffset.UtcNow + LongestMoment;
        while (phase != "any" && await PhaseAsync(revision) is var now && now != phase && !CutCommit.Ends.Contains(now) && DateTimeOffset.UtcNow < end)
        {
            await Task.Delay(10);
        }

        await Task.Delay(moment);
    }

    // The part of a deployment in which a switch of this kind runs; the profile leads to the last confirmed system until confirming moves it.
    private static (string Phase, string Condition, string[] Stages)? Switch(string wanted) => wanted switch
    {
        "activating" => ("onTrial", "$NIXOS_ACTION = test && $2 != $(readlink -f /nix/var/nix/profiles/system)", ["start", "units-stopped", "activated"]),
        "rollingBack" => ("rollingBack", "$NIXOS_ACTION = test && $2 = $(readlink -f /nix/var/nix/profiles/system)", ["start", "units-stopped", "activated"]),
        "confirming" => ("confirming", "$NIXOS_ACTION = boot", ["start", "bootloader-installed"]),
        _ => null,
    };

    private async Task<string> PhaseAsync(string revision) =>
        await world.Host.StatusAsync() is { } status ? Host.DeploymentOf(status, revision) is { } deployment ? Host.PhaseOf(deployment) : "before it was seen" : "while no daemon answered";

    // A system that passed its gate and is being confirmed may boot already; nothing else but the last confirmed one.
    private async Task BootedWhatItShouldAsync(DateTimeOffset cutAt)
    {
        var ledger = await world.Host.LedgerAsync();
        var lines = ledger.Select(entry => entry.GetRawText()).ToList();
        Assert.True(lines.Count >= _ledger.Count && _ledger.SequenceEqual(lines.Take(_ledger.Count)), "the ledger lost a fact that was read before the cut");
        _ledger = lines;
        var before = ledger.Where(entry => entry.GetProperty("at").GetDateTimeOffset() <= cutAt).ToList();
        var place = Place(before);
        _cutIn[place] = _cutIn.GetValueOrDefault(place) + 1;
        Tell($"cut {place}");
        string[] may = [.. before.Where(entry => KindOf(entry) == "confirmed").Select(Toplevel).TakeLast(1), .. Confirming(before)];
        var booted = await world.Host.BootedAsync();
        Assert.True(may.Contains(booted), $"booted {booted}, and not one of {string.Join(' ', may)}");
        await world.Machine.ShellAsync("nix-store --verify-path $(nix-store --query --requisites /run/booted-system $(cat /boot/mini-loader/default))");
    }

    private static string Place(List<JsonElement> ledger) => ledger.Select(KindOf).Last(kind => kind is not ("attemptPostponed" or "storeMended")) switch
    {
        "deploymentBegan" => "in the build",
        "buildSucceeded" => "when built",
        "planRecorded" => "when planned",
        "trialBegan" => "in the activation",
        "activationEnded" => "on trial",
        "confirmBegan" => "in confirming",
        "rollbackBegan" => "in rolling back",
        "told" => "when all was told",
        _ => "when it had ended",
    };

    // Built and with its gate passed, and not ended yet.
    private static IEnumerable<string> Confirming(List<JsonElement> ledger)
    {
        var latest = ledger.AsEnumerable().Reverse().TakeWhile(entry => KindOf(entry) != "deploymentBegan").ToList();
        return latest.Any(entry => KindOf(entry) == "confirmBegan") && !latest.Any(entry => KindOf(entry) is "confirmed" or "rolledBack")
            ? latest.Where(entry => KindOf(entry) == "buildSucceeded").Select(Toplevel).Take(1)
            : [];
    }

    private async Task EndsAsItDeservesAsync(CutCommit commit, string revision)
    {
        var status = await world.Host.UntilAsync(
            $"the end of {commit.Mark}",
            status => status.GetProperty("isSettled").GetBoolean() && Host.DeploymentOf(status, revision) is { } deployment && CutCommit.Ends.Contains(Host.PhaseOf(deployment)));
        var phase = Host.PhaseOf(Host.DeploymentOf(status, revision)!.Value);
        var facts = (await world.Host.LedgerAsync()).AsEnumerable().Reverse().TakeWhile(entry => KindOf(entry) != "deploymentBegan").ToList();
        Tell($"ended {phase}: {status.GetProperty("headline").GetString()}");
        _damaged += facts.Where(entry => KindOf(entry) == "storeMended").Sum(entry => entry.GetProperty("fact").GetProperty("damaged").GetInt32());
        if (phase == "rolledBack" && commit.End == "confirmed")
        {
            Assert.Equal("interruptedByReboot", facts.Single(entry => KindOf(entry) == "rollbackBegan").GetProperty("fact").GetProperty("cause").GetProperty("kind").GetString());
            Assert.Equal(2, facts.Count(entry => KindOf(entry) == "trialBegan"));
            _interrupted++;
        }
        else
        {
            Assert.Equal(commit.End, phase);
        }

        Assert.Equal(phase == "confirmed" ? "upToDate" : "quarantined", status.GetProperty("state").GetString());
        Assert.Contains(revision[..7], status.GetProperty("headline").GetString(), StringComparison.Ordinal);
        if (phase == "rolledBack")
        {
            world.IsBad(revision);
            await world.ExplainedAsync(revision);
        }

        await world.Host.UntilAsync("all told", async () => (await world.Host.LedgerAsync()).Count(entry => KindOf(entry) == "told") == await ToldAsync());
        await world.SoundAsync();
        await StoreIsSoundAsync();
    }

    // One telling for each deployment that has ended.
    private async Task<int> ToldAsync() =>
        (await world.Host.LedgerAsync()).Count(entry => KindOf(entry) is "confirmed" or "rolledBack" or "deploymentFailed");

    private async Task StoreIsSoundAsync() => await world.Machine.ShellAsync("nix-store --verify --check-contents");

    private void Tell(string what) => _told.AppendLine(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:HH:mm:ss} {what}");

    private static string KindOf(JsonElement entry) => entry.GetProperty("kind").GetString()!;

    private static string Toplevel(JsonElement entry) => entry.GetProperty("fact").GetProperty("toplevel").GetString()!;
}
