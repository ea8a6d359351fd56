using System.Collections.Immutable;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

public sealed class PlanCommentTextTests
{
    private const long MiB = 1024 * 1024;
    private static readonly HostName Web1 = new("web1");
    private static readonly Toplevel Running = new("/nix/store/0000000000000000000000000000000a-nixos-system-web1-24.05");
    private static readonly Toplevel Built = new("/nix/store/0000000000000000000000000000000b-nixos-system-web1-24.05");

    private static readonly SystemPlan Plan = new()
    {
        Restart = ["nginx.service"],
        Start = ["cache.service"],
        LeftAlone = ["dbus.service"],
        Packages = [new PackageChange("nginx", ["1.24.0"], ["1.26.1"]), new PackageChange("varnish", [], ["7.4.2"]), new PackageChange("squid", ["6.8"], [])],
        ClosureBytes = 1300 * MiB,
        ClosureBytesBefore = (1300 * MiB) - (12 * MiB),
    };

    [Fact]
    public void Write_TellsWhatChanges() => GoldenText.Is("plan-changes", Write(Plan));

    [Fact]
    public void Write_TellsOfARebootAndWarnings() => GoldenText.Is(
        "plan-reboot",
        Write(
            Plan with { Packages = [], Stop = ["squid.service"], Reload = ["firewall.service", "dbus.service"], RebootReasons = ["kernel", "initrd"], ClosureBytes = 1200 * MiB },
            warnings: ["the option `services.nginx.foo' is deprecated", "'system' has been renamed to/replaced by 'stdenv.hostPlatform.system'"]));

    [Fact]
    public void Write_FoldsALargePlan() => GoldenText.Is(
        "plan-large",
        Write(Plan with
        {
            Restart = Story.Lines(60, i => $"worker-{i}.service"),
            Packages = [.. Enumerable.Range(1, 120).Select(i => new PackageChange($"package{i}", i % 3 == 0 ? [] : [$"1.{i}"], i % 5 == 0 ? [] : [$"2.{i}"]))],
        }));

    [Fact]
    public void Write_SaysSoWhenNothingChanges() => GoldenText.Is("plan-nothing", Write(new SystemPlan { ClosureBytes = 5 }, toplevel: Running));

    [Fact]
    public void Write_TellsNothingFromTheSameSystem() => GoldenText.Is("plan-nothing-but", Write(new SystemPlan { RebootReasons = ["kernel parameters"] }));

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_TellsOfEachFailure(string name) =>
        GoldenText.Is($"plan-failed-{name}", Write(new PlanReport.Failed(EachFailure[name], TimeSpan.FromSeconds(72))));

    [Fact]
    public void Write_NeutralisesHostileText()
    {
        var text = Hostile();

        GoldenText.Is("plan-hostile", text);
        HostileText.IsDisarmed(text, markers: 1);
        HostileText.IsDisarmed(Write(new PlanReport.Failed(new Failure.CheckoutFailed(HostileText.Line), TimeSpan.Zero)), markers: 1);
        HostileText.IsDisarmed(Write(new PlanReport.Failed(new Failure.BuildFailed(string.Join('\n', HostileText.Lines)), TimeSpan.Zero)), markers: 1);
    }

    [Fact]
    public void Write_StaysWithinTheLimit()
    {
        var long1 = Write(
            new SystemPlan
            {
                Start = Story.Lines(5000, i => new string('u', 200) + i),
                Stop = Story.Lines(5000, i => new string('s', 200) + i),
                Restart = Story.Lines(5000, i => new string('r', 200) + i),
                Reload = Story.Lines(5000, i => new string('l', 200) + i),
                Packages = [.. Enumerable.Range(1, 5000).Select(i => new PackageChange(new string('p', 200) + i, Story.Lines(50, v => $"{v}.0"), Story.Lines(50, v => $"{v}.1")))],
            },
            warnings: Story.Lines(500, i => new string('w', 5000)));

        Assert.True(long1.Length <= Markdown.LongestBody, $"{long1.Length} characters");
        HostileText.AssertBalanced(long1);
        Assert.StartsWith(PlanCommentText.Marker(Web1) + "\n**web1: 5000 packages change", long1, StringComparison.Ordinal);
    }

    public static TheoryData<string> Names => [.. EachFailure.Keys];

    private static readonly ImmutableSortedDictionary<string, Failure> EachFailure = new Dictionary<string, Failure>
    {
        ["evaluation"] = new Failure.EvaluationFailed("error: attribute 'ngnix' missing\n   at /nix/store/x-source/web1.nix:12:5:\n  Did you mean nginx?"),
        ["build"] = new Failure.BuildFailed(string.Join('\n', Enumerable.Range(1, 100).Select(i => $"cc: line {i}"))),
        ["network"] = new Failure.BuildInterrupted(WorldTrouble.Network, "error: unable to download 'https://cache.nixos.org/x.narinfo'"),
        ["space"] = new Failure.NotEnoughSpace("/nix", 2048 * MiB, 100 * MiB),
        ["inhibited"] = new Failure.SwitchInhibited(["init-interface-version"]),
    }.ToImmutableSortedDictionary();

    private static string Hostile() => Write(
        new SystemPlan
        {
            Restart = [HostileText.Line],
            Start = [.. HostileText.Lines],
            RebootReasons = [HostileText.Line],
            Packages = [new PackageChange(HostileText.Line, ["<!--"], ["@x #1"]), new PackageChange("```", [], ["-->"])],
        },
        warnings: [.. HostileText.Lines]);

    private static string Write(SystemPlan plan, Toplevel? toplevel = null, ImmutableArray<string>? warnings = null) =>
        Write(new PlanReport.Ready(plan, toplevel ?? Built, Running, warnings ?? [], TimeSpan.FromSeconds(72)));

    private static string Write(PlanReport report) => PlanCommentText.Write(Web1, new ForgeMessage.PlanReported(7, Story.Bad, report));
}
