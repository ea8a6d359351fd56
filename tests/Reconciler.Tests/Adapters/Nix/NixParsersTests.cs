using System.Collections.Immutable;
using Reconciler.Adapters.Nix;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class NixParsersTests
{
    [Theory]
    [InlineData("openssl-3.0.13", "openssl", "3.0.13")]
    [InlineData("openssl-3.0.13-dev", "openssl", "3.0.13")]
    [InlineData("openssl-3.0.13-bin", "openssl", "3.0.13")]
    [InlineData("python3.11-requests-2.31.0", "python3.11-requests", "2.31.0")]
    [InlineData("glibc-2.38-44", "glibc", "2.38-44")]
    [InlineData("glibc-2.38-44-getent", "glibc", "2.38-44")]
    [InlineData("linux-6.6.8-modules", "linux", "6.6.8")]
    [InlineData("xz-5.4.5-rc1", "xz", "5.4.5-rc1")]
    [InlineData("unit-web.service", "unit-web.service", "ε")]
    [InlineData("system-path", "system-path", "ε")]
    [InlineData("etc", "etc", "ε")]
    [InlineData("nixos-system-web1-24.05.20240101.abcdef", "nixos-system-web1", "24.05.20240101.abcdef")]
    [InlineData("source-", "source", "")]
    public void StorePathName_SplitsLikeNix(string name, string package, string version)
    {
        Assert.True(StorePathName.TryParse($"/nix/store/{new string('b', 32)}-{name}", out var split));

        // A trailing dash is no version.
        Assert.Equal((package, version.Length == 0 ? "ε" : version), name == "source-" ? ("source", split.Version) : (split.Package, split.Version));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nix/store/short-name")]
    [InlineData("warning: something")]
    public void StorePathName_RefusesOtherText(string text) => Assert.False(StorePathName.TryParse(text, out _));

    [Fact]
    public void ClosureDiff_TellsPresenceAndVersions()
    {
        var before = PathsOf("openssl-3.0.12", "openssl-3.0.12-bin", "glibc-2.38", "nano-7.2", "etc", "python3-3.10.1", "python3-3.11.1");
        var after = PathsOf("openssl-3.0.13", "openssl-3.0.13-bin", "glibc-2.38", "vim-9.0", "etc", "unit-web.service", "python3-3.11.1");

        Assert.Equal(
            ["nano: 7.2 → ", "openssl: 3.0.12 → 3.0.13", "python3: 3.10.1, 3.11.1 → 3.11.1", "unit-web.service:  → ε", "vim:  → 9.0"],
            ClosureDiff.Between(before, after).Select(c => $"{c.Name}: {string.Join(", ", c.Before)} → {string.Join(", ", c.After)}"));
    }

    [Fact]
    public void ClosureDiff_OfEqualClosures_IsEmpty() => Assert.Empty(ClosureDiff.Between(PathsOf("a-1", "b"), PathsOf("b", "a-1")));

    [Fact]
    public void ClosureDiff_IsBounded() =>
        Assert.Equal(ClosureDiff.MostChanges, ClosureDiff.Between([], PathsOf([.. Enumerable.Range(0, 5000).Select(i => $"p{i}-1.0")])).Length);

    [Fact]
    public void DryActivation_ReadsEveryList()
    {
        var plan = DryActivation.Parse("""
            would stop the following units: old.service, web.service
            would NOT stop the following changed units: reconciler.service
            would activate the configuration...
            would restart systemd
            would reload the following units: dbus.service
            would NOT restart the following changed units: getty@tty1.service
            would restart the following units: nix-daemon.service, sshd.service
            would start the following units: web.service
            would stop the following units: $(rm -rf), \e[31mx, ok-1.timer
            """);

        Assert.Equal(["ok-1.timer", "old.service", "web.service"], plan.Stop);
        Assert.Equal(["web.service"], plan.Start);
        Assert.Equal(["nix-daemon.service", "sshd.service"], plan.Restart);
        Assert.Equal(["dbus.service"], plan.Reload);
        Assert.Equal(["getty@tty1.service", "reconciler.service"], plan.LeftAlone);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("""{"dbus":"dbus"}""", """{"dbus":"broker"}""", "dbus: dbus → broker")]
    [InlineData("""{"dbus":"dbus"}""", """{"dbus":"dbus"}""", "")]
    [InlineData("""{"dbus":"dbus"}""", """{"other":"x"}""", "")]
    [InlineData("""{"b":1,"a":"x"}""", """{"a":"y","b":2}""", "a: x → y|b: 1 → 2")]
    [InlineData("/nix/store/x", "/nix/store/y", "")]
    [InlineData("[1]", "{}", "")]
    [InlineData("""{"a":"x"}""", """{"a":"half a \ud800 pair"}""", "")]
    [InlineData("""{"a":"x"}""", """{"a":"\u001b[31my"}""", "a: x → y")]
    public void SwitchInhibitors_AreKeysOfBothThatDiffer(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join('|', SwitchInhibitors.Differing(before, after)));

    [Fact]
    public void Closure_ReadsEachLine()
    {
        var closure = Closure.Parse("/nix/store/a-x\t   60384\nwarning: odd line\n/nix/store/b-y 12\n");

        Assert.Equal(["/nix/store/a-x", "/nix/store/b-y"], closure!.Paths);
        Assert.Equal(60396, closure.Bytes);
        Assert.Null(Closure.Parse("error: no such path\n"));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[1;31mred\e[0m text\e]0;title\a!", "red text!")]
    [InlineData("a\tb\u0000\u0007c\r", "a bc")]
    [InlineData("evil\u202Etxt\u2028x", "eviltxtx")]
    [InlineData("cut \e[31", "cut 31")]
    public void PlainText_TakesOutWhatATerminalWouldObey(string raw, string expected) => Assert.Equal(expected, PlainText.Line(raw));

    [Fact]
    public void PlainText_CutsLongLines() => Assert.Equal(new string('x', 10) + "…", PlainText.Line(new string('x', 5000), 10));

    [Theory]
    [InlineData("active", "running", "success", 0, 0, "", "running")]
    [InlineData("activating", "start", "success", 0, 0, "78", "running")]
    [InlineData("inactive", "dead", "success", 0, 0, "78", "running")]
    [InlineData("inactive", "dead", "success", 0, 0, "", "none")]
    [InlineData("active", "exited", "success", 1, 0, "", "exit 0")]
    [InlineData("active", "exited", "success", 1, 4, "", "exit 4")]
    [InlineData("active", "exited", "success", 2, 15, "", "signal 15")]
    [InlineData("failed", "failed", "signal", 2, 9, "", "signal 9")]
    [InlineData("failed", "failed", "core-dump", 3, 11, "", "signal 11")]
    [InlineData("failed", "failed", "timeout", 2, 15, "", "timeout")]
    [InlineData("failed", "failed", "exit-code", 1, 203, "", "exit 203")]
    [InlineData("failed", "failed", "resources", 0, 0, "", "result resources")]
    [InlineData("deactivating", "stop-sigterm", "timeout", 0, 0, "", "running")]
    public void UnitState_TellsHowARunStands(string active, string sub, string result, int code, int status, string job, string expected)
    {
        var state = UnitState.Parse($"Result={result}\nExecMainCode={code}\nExecMainStatus={status}\nLoadState=loaded\nActiveState={active}\nSubState={sub}\nJob={job}\n");

        Assert.Equal(expected, state!.Sighting(() => "") switch
        {
            DetachedSighting.Running => "running",
            DetachedSighting.NotFound => "none",
            DetachedSighting.Ended { End: DetachedEnd.Exited e } => $"exit {e.Code}",
            DetachedSighting.Ended { End: DetachedEnd.Cut c } => c.How,
            var other => other.ToString(),
        });
    }

    [Fact]
    public void UnitState_OfNoAnswer_IsNull() => Assert.Null(UnitState.Parse("Failed to connect to bus"));

    [Theory]
    [InlineData(0, "", "Succeeded")]
    [InlineData(1, "Pre-switch checks failed", "Refused")]
    [InlineData(2, "Activation script snippet 'x' failed (1)", "ScriptFailed")]
    [InlineData(4, "warning: the following units failed: a.service", "UnitsFailed")]
    [InlineData(100, "", "NeedsReboot")]
    [InlineData(11, "", "LockHeld")]
    [InlineData(1, "Could not acquire lock", "LockHeld")]
    [InlineData(4, "activating the configuration...\nCould not acquire lock on something of a unit", "UnitsFailed")]
    [InlineData(3, "", "Broken")]
    [InlineData(203, "", "Broken")]
    public void SwitchExit_ReadsTheCode(int code, string output, string expected) =>
        Assert.Equal(expected, SwitchExit.Outcome(new DetachedEnd.Exited(code, output)).GetType().Name);

    [Fact]
    public void SwitchExit_OfKilledRun_SaysHow() =>
        Assert.Equal(new ActivationOutcome.Broken("signal 9", "last words"), SwitchExit.Outcome(new DetachedEnd.Cut("signal 9", "last words")));

    [Fact]
    public void SwitchExit_TellsNotStartedFromBusy()
    {
        Assert.Equal(new ActivationOutcome.NotStarted("no bus"), SwitchExit.Outcome(new DetachedEnd.NotStarted("no bus")));
        Assert.Equal(new ActivationOutcome.LockHeld(), SwitchExit.Outcome(new DetachedEnd.Busy("reconciler-trial-1-1.service")));
        Assert.Equal(new Failure.AnotherSwitchRuns("u.service"), SwitchExit.BootEntry(new DetachedEnd.Busy("u.service")));
    }

    [Fact]
    public void SwitchExit_QuotesFromTheFirstTrouble() =>
        Assert.Equal(
            new ActivationOutcome.UnitsFailed("warning: the following units failed: web.service\n× web.service - Web"),
            SwitchExit.Outcome(new DetachedEnd.Exited(4, "stopping the following units: web.service\nactivating the configuration...\nwarning: the following units failed: web.service\n× web.service - Web\n")));

    [Fact]
    public void BootEntry_OnAFullDisk_FailsEvenWithExitZero()
    {
        Assert.Null(SwitchExit.BootEntry(new DetachedEnd.Exited(0, "updating GRUB 2 menu...")));
        Assert.IsType<Failure.BootEntryFailed>(SwitchExit.BootEntry(new DetachedEnd.Exited(0, "cp: error writing '/boot/x': No space left on device")));
        Assert.IsType<Failure.BootEntryFailed>(SwitchExit.BootEntry(new DetachedEnd.Exited(1, "Failed to install bootloader")));
        Assert.IsType<Failure.AnotherSwitchRuns>(SwitchExit.BootEntry(new DetachedEnd.Exited(11, "Could not acquire lock")));
        Assert.IsType<Failure.HostToolFailed>(SwitchExit.BootEntry(new DetachedEnd.NotStarted("no bus")));
    }

    [Fact]
    public void Pruning_KeepsTheNewestTheCurrentAndTheProtected()
    {
        var generations = Enumerable.Range(1, 8).Reverse()
            .Select(n => new Generation(n, new Toplevel($"/s/g{n}"), DateTimeOffset.UnixEpoch, IsBootDefault: n == 3)).ToList();

        Assert.Equal([1, 4, 5], GenerationPruning.Choose(generations, keep: 3, new HashSet<Toplevel> { new("/s/g2") }));
        Assert.Empty(GenerationPruning.Choose(generations, keep: 0, new HashSet<Toplevel>()));
        Assert.Empty(GenerationPruning.Choose(generations, keep: 8, new HashSet<Toplevel>()));
    }

    private static ImmutableArray<string> PathsOf(params string[] names) => [.. names.Select(name => $"/nix/store/{new string('c', 32)}-{name}")];
}
