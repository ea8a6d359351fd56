using System.Globalization;

namespace Reconciler.HostTests.Making;

/// <summary>A commit to cut the power on.</summary>
/// <param name="Kind">What it is like.</param>
/// <param name="Mark">Its mark.</param>
/// <param name="Nix">Its part of the configuration.</param>
/// <param name="End">The phase it has to end in.</param>
/// <param name="Phases">The phases it goes through, to cut in; <c>any</c> for any time.</param>
internal sealed record CutCommit(string Kind, string Mark, string Nix, string End, string[] Phases)
{
    private const string Broken = """system.checks = [ (pkgs.runCommand "broken" { } "exit 1") ];""";
    private const string FailsToActivate = """system.activationScripts.broken = "false";""";

    /// <summary>The phases in which a deployment has ended.</summary>
    public static readonly string[] Ends = ["confirmed", "rolledBack", "failed"];

    /// <summary>A sound commit as often as a bad one.</summary>
    public static CutCommit Any(Random dice, int number)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"commit {number}");
        var work = Work(number);
        return dice.Next(8) switch
        {
            0 => new CutCommit("does not build", mark, work + Broken, "failed", ["selected", "any", "failed"]),
            1 => new CutCommit("fails to activate", mark, work + FailsToActivate, "rolledBack", ["selected", "activating", "rollingBack", "rollingBack", "any"]),
            2 or 3 => new CutCommit("is sick", mark, work + HostTest.Sick, "rolledBack", ["selected", "built", "activating", "onTrial", "rollingBack", "rollingBack", "any"]),
            _ => new CutCommit("is sound", mark, work, "confirmed", ["selected", "built", "planned", "activating", "onTrial", "onTrial", "confirming", "confirming", "any", "any", "confirmed"]),
        };
    }

    // Something to build, of some size and in many files, so that there is something to lose.
    private static string Work(int number) =>
        $$"""
        environment.etc."work".source = pkgs.runCommand "work-{{number}}" { } "PATH=/usr/bin:/bin; mkdir $out; for i in $(seq 1 40); do seq {{number}} 4000 > $out/$i; done";
        environment.etc."more-work".source = pkgs.runCommand "more-work-{{number}}" { } "PATH=/usr/bin:/bin; seq {{number}} 200000 > $out; sleep 0.7";

        """;
}
