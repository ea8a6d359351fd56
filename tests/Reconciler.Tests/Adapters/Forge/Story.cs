using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Adapters.Forge;

/// <summary>Makes stories.</summary>
internal static class Story
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static readonly Revision Bad = new("9f8e7d6c5b4a39281706f5e4d3c2b1a098765432");

    public static readonly Revision Good = new("1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d");

    public static ProbeResult Probe(string check, bool passed, string detail, bool required = true, double seconds = 0.2) =>
        new(check, required, passed, detail, TimeSpan.FromSeconds(seconds), []);

    public static DeploymentStory RolledBack(Failure cause, Revision? bad = null, Revision? good = null, string host = "web1") => new()
    {
        Host = new HostName(host),
        Deployment = new Deployment
        {
            Id = new DeploymentId(17),
            Source = new DeploymentSource.Commit(new Candidate(bad ?? Bad, BranchKind.Main, "origin")),
            RollBackTo = new Toplevel("/nix/store/00000000000000000000000000000000-nixos-system-web1-24.05"),
            Toplevel = new Toplevel("/nix/store/11111111111111111111111111111111-nixos-system-web1-24.05"),
            Phase = new DeploymentPhase.RolledBack(cause),
            Began = Noon,
            Changed = Noon.AddSeconds(71),
            Actor = Actor.Daemon,
            Timeline =
            [
                new PhaseEntered(Noon, "selected"),
                new PhaseEntered(Noon.AddSeconds(38.4), "built"),
                new PhaseEntered(Noon.AddSeconds(39), "planned"),
                new PhaseEntered(Noon.AddSeconds(39.1), "trial began"),
                new PhaseEntered(Noon.AddSeconds(40.9), "activated"),
                new PhaseEntered(Noon.AddSeconds(69), "rollback began"),
                new PhaseEntered(Noon.AddSeconds(71), "rolled back"),
            ],
        },
        Restored = good ?? Good,
        RestoredGeneration = 41,
        LedgerPosition = 25,
        LedgerHash = new string('a', 64),
        Commits = [new CommitSummary(bad ?? Bad, "nginx: add a cache", "Ann", Noon.AddHours(-1))],
    };

    public static DeploymentStory Confirmed(Revision revision, long id = 3, string host = "web1", int seconds = 0)
    {
        var story = RolledBack(new Failure.Unhealthy([]), revision, host: host);
        return story with
        {
            Deployment = story.Deployment with
            {
                Id = new DeploymentId(id),
                Phase = new DeploymentPhase.Confirmed(WasActivated: true),
                Generation = 42,
                Changed = Noon.AddSeconds(seconds),
            },
        };
    }

    public static DeploymentStory With(this DeploymentStory story, Func<Deployment, Deployment> change) => story with { Deployment = change(story.Deployment) };

    public static ImmutableArray<string> Lines(int count, Func<int, string> line) => [.. Enumerable.Range(1, count).Select(line)];
}
