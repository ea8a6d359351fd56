using Reconciler.Adapters.Nix;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

public sealed class UnitComparisonTests : IDisposable
{
    private static readonly (string, string) Default = ("default.target", "-> multi-user.target");
    private static readonly (string, string) Target = ("multi-user.target", "[Unit]\nDescription=Multi-User\nRequires=basic.target\n");
    private readonly NixFolder _folder = new();
    private readonly UnitWorld _world;

    public UnitComparisonTests() => _world = new UnitWorld(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EqualTextInOtherStorePaths_IsNoChange() => Assert.Equal("", Service("ExecStart=/a", "ExecStart=/a"));

    [Fact]
    public void ChangedUnit_IsRestarted() => Assert.Equal("restart web.service", Service("ExecStart=/a", "ExecStart=/b"));

    [Theory]
    [InlineData("X-ReloadIfChanged=true", "reload")]
    [InlineData("X-RestartIfChanged=false", "leave")]
    [InlineData("X-RestartIfChanged=no", "leave")]
    [InlineData("X-RestartIfChanged=true", "restart")]
    [InlineData("X-StopIfChanged=false", "restart")]
    [InlineData("X-ReloadIfChanged=true\nX-RestartIfChanged=false", "reload")]
    [InlineData("X-RestartIfChanged=false\nX-RestartIfChanged=true", "restart")]
    [InlineData("X-RestartIfChanged=false\nX-RestartIfChanged=", "restart")]
    [InlineData("[Unit]\nRefuseManualStop=true", "leave")]
    [InlineData("[Unit]\nX-OnlyManualStart=true", "leave")]
    public void ChangedUnit_IsTreatedAsItWishes(string wish, string expected) =>
        Assert.Equal($"{expected} web.service", Service("ExecStart=/a", $"ExecStart=/b\n{wish}"));

    [Theory]
    [InlineData("[Unit]\nDescription=a", "[Unit]\nDescription=b", "")]
    [InlineData("[Unit]\nDescription=a", "[Unit]\nDocumentation=b", "")]
    [InlineData("[Unit]\nX-Reload-Triggers=/a", "[Unit]\nX-Reload-Triggers=/b", "reload web.service")]
    [InlineData("[Unit]\nX-Reload-Triggers=/a", "[Unit]", "")]
    [InlineData("ExecReload=/a", "ExecReload=/b", "reload web.service")]
    [InlineData("ExecReload=/a", "", "")]
    [InlineData("[Unit]\nX-Restart-Triggers=/a", "[Unit]\nX-Restart-Triggers=/b", "restart web.service")]
    [InlineData("ExecReload=/a", "ExecReload=/b\nNice=3", "restart web.service")]
    [InlineData("Nice=3", "", "restart web.service")]
    [InlineData("[Install]\nWantedBy=a", "[Install]\nWantedBy=b", "")]
    [InlineData("# a", "; b", "")]
    [InlineData("ExecStart=/a", "ExecStart = /a", "")]
    [InlineData("Environment=A=1", "Environment=A=1\nEnvironment=B=2", "restart web.service")]
    [InlineData("ExecStart=/a \\\n  --x", "ExecStart=/a \\\n  --y", "restart web.service")]
    public void Difference_CountsByWhatItIs(string before, string after, string expected) => Assert.Equal(expected, Service(before, after));

    [Theory]
    [InlineData("", "stop web.service")]
    [InlineData("[Unit]\nX-StopOnRemoval=false", "")]
    public void RemovedUnit_IsStopped(string wish, string expected)
    {
        var before = _world.System("a", Default, Target, ("web.service", "[Service]\nExecStart=/a\n" + wish), Wanted("web.service"));

        Assert.Equal(expected, Told(before, _world.System("b", Default, Target)));
        Assert.Equal(expected, Told(before, _world.System("c", Default, Target, ("web.service", "-> /dev/null"))));
    }

    [Fact]
    public void RemovedUnitThatNothingStarts_IsNotTold() =>
        Assert.Equal("", Told(_world.System("a", Default, Target, ("web.service", "[Service]\nExecStart=/a")), _world.System("b", Default, Target)));

    [Fact]
    public void NewUnit_IsStartedWhenSomethingWantsIt()
    {
        var before = _world.System("a", Default, Target);
        var after = _world.System(
            "b", Default, Target, ("web.service", "[Unit]\nRequires=db.service\n"), Wanted("web.service"), ("db.service", "[Service]\nExecStart=/a"),
            ("alone.service", "[Service]\nExecStart=/a"), ("job.timer", "[Timer]\nOnCalendar=daily"), ("timers.target.wants/job.timer", "-> ../job.timer"),
            ("job.service", "[Service]\nExecStart=/a"), ("new.target", "[Unit]\nDescription=x"), Wanted("new.target"), Wanted("gone.service"));

        Assert.Equal("start db.service\nstart job.timer\nstart web.service", Told(before, after));
    }

    [Fact]
    public void UnitThatIsWantedForTheFirstTime_IsStarted()
    {
        var unit = ("web.service", "[Service]\nExecStart=/a");

        Assert.Equal("start web.service", Told(_world.System("a", Default, Target, unit), _world.System("b", Default, Target, unit, Wanted("web.service"))));
        Assert.Equal("", Told(_world.System("c", Default, Target, unit, Wanted("web.service")), _world.System("d", Default, Target, unit)));
    }

    [Fact]
    public void UnitUnwantedByAMask_IsNotStarted() => Assert.Equal(
        "",
        Told(
            _world.System("a", Default, Target),
            _world.System("b", Default, Target, ("web.service", "[Service]\nExecStart=/a"), ("multi-user.target.wants/web.service", "-> /dev/null"))));

    [Fact]
    public void ChangedUnitsThatNeedNotRun_AreLeftAlone() => Assert.Equal(
        "leave alone.service\nleave job.service\nrestart bus.service\nrestart socketed.service",
        string.Join('\n', Told(Some("a"), Some("b")).Split('\n').Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("a.slice", "[Slice]\nMemoryMax=1", "[Slice]\nMemoryMax=2", "leave a.slice")]
    [InlineData("a.path", "[Path]\nPathExists=/a", "[Path]\nPathExists=/b", "leave a.path")]
    [InlineData("a.socket", "[Socket]\nListenStream=1", "[Socket]\nListenStream=2", "leave a.socket")]
    [InlineData("a.target", "[Unit]\nAfter=a.service", "[Unit]\nAfter=b.service", "")]
    [InlineData("a.timer", "[Timer]\nOnCalendar=daily", "[Timer]\nOnCalendar=weekly", "restart a.timer")]
    [InlineData("a.mount", "[Mount]\nOptions=ro", "[Mount]\nOptions=rw", "reload a.mount")]
    [InlineData("a.mount", "[Mount]\nWhat=/a", "[Mount]\nWhat=/b", "restart a.mount")]
    [InlineData("nix.mount", "[Mount]\nWhat=/a", "[Mount]\nWhat=/b", "reload nix.mount")]
    [InlineData("-.mount", "[Mount]\nWhat=/a", "[Mount]\nWhat=/b", "reload -.mount")]
    public void OtherKinds_AreTreatedAsTheSwitchDoes(string name, string before, string after, string expected) =>
        Assert.Equal(expected, Told(_world.System("a", Default, Target, (name, before), Wanted(name)), _world.System("b", Default, Target, (name, after), Wanted(name))));

    [Fact]
    public void DropIns_BelongToTheUnit()
    {
        var before = _world.System("a", Default, Target, ("web.service", "[Service]\nExecStart=/a"), Wanted("web.service"));
        var same = _world.System("b", Default, Target, ("web.service", "[Service]"), Wanted("web.service"), ("web.service.d/overrides.conf", "[Service]\nExecStart=/a"));
        var cleared = _world.System(
            "c", Default, Target, ("web.service", "[Service]\nExecStart=/x"), Wanted("web.service"),
            ("web.service.d/a.conf", "[Service]\nExecStart=\nExecStart=/a"), ("web.service.d/b.txt", "[Service]\nNice=3"), ("web.service.d/c.conf", "-> /dev/null"));
        var changed = _world.System("d", Default, Target, ("web.service", "[Service]\nExecStart=/a"), Wanted("web.service"), ("web.service.d/a.conf", "[Service]\nNice=3"));

        Assert.Equal("", Told(before, same));
        Assert.Equal("", Told(before, cleared));
        Assert.Equal("restart web.service", Told(before, changed));
    }

    [Fact]
    public void InstancesOfTemplates_FollowTheirTemplate()
    {
        (string, string)[] Files(string text) =>
            [Default, Target, ("getty@.service", text), ("autovt@.service", "-> getty@.service"), ("multi-user.target.wants/getty@tty1.service", "-> ../getty@.service")];
        var before = _world.System("a", Files("[Service]\nExecStart=/a"));

        Assert.Equal("restart getty@tty1.service", Told(before, _world.System("b", Files("[Service]\nExecStart=/b"))));
        Assert.Equal("restart getty@tty1.service", Told(before, _world.System("c", [.. Files("[Service]\nExecStart=/a"), ("getty@tty1.service.d/o.conf", "[Service]\nNice=3")])));
        Assert.Equal("stop getty@tty1.service", Told(before, _world.System("d", Default, Target)));
    }

    [Fact]
    public void FilesOutsideTheStore_AreNotRead()
    {
        var secret = _folder.At("secret");
        File.WriteAllText(secret, "[Service]\nExecStart=/secret");
        Directory.CreateDirectory(_folder.At("outside"));
        File.WriteAllText(_folder.At("outside/evil.service"), "[Service]\nExecStart=/evil");
        var before = _world.System("a", Default, Target);
        var after = _world.System(
            "b", Default, Target, ("web.service", "-> " + secret), Wanted("web.service"), ("up.service", "-> ../../secret"), Wanted("up.service"),
            ("round.service", $"-> {_folder.At("store")}/../secret"), Wanted("round.service"), ("loop.service", "-> ./loop.service"), Wanted("loop.service"),
            ("ok.service.d", "-> " + _folder.At("outside")), ("ok.service", "[Service]\nExecStart=/a"), Wanted("ok.service"));
        var elsewhere = _folder.System("c");
        Directory.CreateDirectory(_folder.At("outside/etc/systemd"));
        File.CreateSymbolicLink(_folder.At("outside/etc/systemd/system"), _folder.At("outside"));
        File.CreateSymbolicLink(elsewhere + "/etc", _folder.At("outside/etc"));

        Assert.Equal("start ok.service", Told(before, after));
        Assert.Empty(new UnitFolder(new StoreFiles(_folder.Settings.StoreDirectory)).Read(elsewhere).Names);
    }

    [Fact]
    public void HugeFiles_AreReadInPart()
    {
        var units = new UnitFolder(new StoreFiles(_folder.Settings.StoreDirectory)).Read(_world.System("a", Default, Target, ("web.service", new string('x', 2_000_000))));

        Assert.Equal(256 * 1024, units.Files["web.service"].Length);
    }

    [Fact]
    public void NamesThatAreNoUnits_AreLeftOut()
    {
        var after = _world.System("b", Default, Target, ("--help.service", "[Service]"), Wanted("--help.service"), ("a b.service", "[Service]"), Wanted("a b.service"), ("x.exe", "y"), Wanted("x.exe"));

        Assert.Equal("", Told(_world.System("a", Default, Target), after));
    }

    private static (string, string) Wanted(string name) => ($"multi-user.target.wants/{name}", $"-> ../{name}");

    private string Told(Toplevel before, Toplevel after) => UnitWorld.Told(_world.Compare(before, after));

    private string Service(string before, string after) => Told(
        _world.System("a", Default, Target, ("web.service", "[Service]\n" + before), Wanted("web.service")),
        _world.System("b", Default, Target, ("web.service", "[Service]\n" + after), Wanted("web.service")));

    private Toplevel Some(string text) => _world.System(
        text, Default, Target, ("alone.service", $"[Service]\nExecStart=/{text}"), ("job.service", $"[Service]\nExecStart=/{text}"),
        ("job.timer", "[Timer]\nOnCalendar=daily"), ("timers.target.wants/job.timer", "-> ../job.timer"),
        ("bus.service", $"[Service]\nBusName=org.example.Bus\nExecStart=/{text}"), ("socketed.socket", "[Socket]\nListenStream=1"),
        ("sockets.target.wants/socketed.socket", "-> ../socketed.socket"), ("socketed.service", $"[Service]\nExecStart=/{text}"));
}
