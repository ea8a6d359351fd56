using Reconciler.Adapters.Boot;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Tests.Adapters.Nix;
using Xunit;

namespace Reconciler.Tests.Adapters.Boot;

/// <summary>What logind, journald and systemd are asked, and what is made of their answers.</summary>
public sealed class HostRebootsTests : BootTests
{
    private const string AskInhibitors = "busctl --json=short call org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager ListInhibitors";

    [Fact]
    public async Task Obstacles_OnlyWhatBlocksAShutdown_Counts()
    {
        Answers("ListInhibitors", """
            {"type":"a(ssssuu)","data":[[["shutdown:sleep","backup","writes\u001b[31m the tape","block",0,411],["shutdown","NetworkManager","needs a second","delay",0,2],
            ["sleep","player","plays","block",1000,3],["shutdown","update","","block-weak",0,4]]]}
            """);

        var obstacles = await _folder.Reboots().ObstaclesAsync(Token);

        Assert.Equal(["backup", "update"], obstacles.Inhibitors.Select(inhibitor => inhibitor.Who));
        Assert.DoesNotContain('\u001b', obstacles.Inhibitors[0].Why);
        Assert.Equal([AskInhibitors], _folder.Ran());
        Assert.Null(obstacles.Trouble);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(0, "Failed")]
    [InlineData(0, """{"data":[]}""")]
    [InlineData(0, """{"data":[[3]]}""")]
    public async Task Obstacles_LogindGivesNoList_IsTroubleAndNotNothing(int code, string output)
    {
        _folder.Answer = _ => ScriptedRunner.Exit(code, output, "no bus");

        Assert.NotNull((await _folder.Reboots().ObstaclesAsync(Token)).Trouble);
    }

    [Fact]
    public async Task Obstacles_NotRespected_AreNotAskedFor()
    {
        _folder.Settings = new BootSettings { RespectInhibitors = false };

        Assert.Equal(RebootObstacles.None, await _folder.Reboots().ObstaclesAsync(Token));
        Assert.Empty(_folder.Ran());
    }

    [Fact]
    public async Task Obstacles_WaitForUsers_CountsPeopleAndNoGreeter()
    {
        _folder.Settings = new BootSettings { WaitForUsers = true, RespectInhibitors = false };
        _folder.Answer = request => request.Program == "loginctl"
            ? ScriptedRunner.Exit(0, "Name=ada\nClass=user\n\nName=sddm\nClass=greeter\n\nName=ada\nClass=user\n\nName=root\nClass=manager\n")
            : ScriptedRunner.Exit(0, """{"type":"a(susso)","data":[[["3",1000,"ada","seat0","/x/_33"],["c1",175,"sddm","seat0","/x/c1"]]]}""");

        Assert.Equal(["ada"], (await _folder.Reboots().ObstaclesAsync(Token)).Users);
        Assert.Equal("loginctl show-session --property=Name --property=Class 3 c1", _folder.Ran()[^1]);
    }

    [Theory]
    [InlineData(true, false, "systemctl reboot")]
    [InlineData(true, true, "systemctl reboot --check-inhibitors=no")]
    [InlineData(false, false, "systemctl reboot --check-inhibitors=no")]
    public async Task Reboot_AsksSystemd(bool respects, bool inhibited, string command)
    {
        _folder.Settings = new BootSettings { RespectInhibitors = respects };

        Assert.Null(await _folder.Reboots().RebootAsync(inhibited, Token));
        Assert.Equal([command], _folder.Ran());
    }

    [Theory]
    [InlineData("running", true)]
    [InlineData("degraded", true)]
    [InlineData("stopping", false)]
    [InlineData("", false)]
    public async Task Reboot_ConnectionIsCut_HasFailedOnlyWhenTheMachineRunsOn(string state, bool failed)
    {
        _folder.Answer = request => request.Arguments[0] == "reboot"
            ? ScriptedRunner.Exit(1, "", "Call to Reboot failed: Connection reset by peer")
            : ScriptedRunner.Exit(state.Length == 0 ? 4 : 0, state + "\n");

        Assert.Equal(failed, await _folder.Reboots().RebootAsync(inhibited: false, Token) is Failure.HostToolFailed);
    }

    [Fact]
    public async Task Announce_WritesToEveryTerminal_AndFailsQuietly()
    {
        _folder.Answer = _ => new ProcessOutcome.NotStarted("no such file");

        await _folder.Reboots().AnnounceAsync("soon", Token);

        Assert.Equal(["wall soon"], _folder.Ran());
    }

    [Fact]
    public async Task Journal_OfTheBootThatFailed_IsKeptCleanAndShort()
    {
        Answers("--boot=-1", """
            {"_BOOT_ID":"45f6bce4631a4c00b8ef83f285766b2a","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"Booting"}
            {"_BOOT_ID":"45f6bce4631a4c00b8ef83f285766b2a","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Failed to mount /data"}
            {"_BOOT_ID":"45f6bce4631a4c00b8ef83f285766b2a","MESSAGE":[1,2]}
            {"cut
            """);

        var journal = await _folder.Reboots().JournalOfFailedBootAsync("817f9dab-e4b0-4d07-983b-c4373a1cd923", Token);

        Assert.Equal(["kernel: Booting", "systemd: Failed to mount /data", ""], Assert.Single(journal!.Units).Lines);
    }

    [Fact]
    public async Task Journal_LastBootIsTheOneBefore_SoTheFailedOneLeftNone()
    {
        Answers("--boot=-1", """{"_BOOT_ID":"45f6bce4631a4c00b8ef83f285766b2a","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Shutting down."}""");

        Assert.Null(await _folder.Reboots().JournalOfFailedBootAsync("45f6bce4-631a-4c00-b8ef-83f285766b2a", Token));
    }

    private void Answers(string argument, string output) =>
        _folder.Answer = request => request.Arguments.Contains(argument) ? ScriptedRunner.Exit(0, output) : null;
}
