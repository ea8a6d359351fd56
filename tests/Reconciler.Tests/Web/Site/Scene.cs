using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Making;

namespace Reconciler.Tests.Web.Site;

/// <summary>Hosts as people meet them: new, calm, on trial, after a failure, after a rollback, in need of a person, with a long past.</summary>
internal static class Scene
{
    /// <summary>Every scene by its name.</summary>
    public static readonly string[] All = ["empty", "calm", "busy", "building", "failed", "rolled-back", "needs-operator", "held", "thousand"];

    /// <summary>Makes the site of a scene; it is not started.</summary>
    public static FakeSite Of(string name, TimeProvider? clock = null) => name switch
    {
        "empty" => new FakeSite(new HostStatus { Host = new HostName("web1"), At = A.Start, Started = A.Start.AddSeconds(-20), History = HostHistory.Empty }, clock),
        "calm" => Site(new Tale().Many(34).Wait(3), UpToDate, clock),
        "busy" => Site(Busy, OnTrial, clock),
        "building" => Site(new Tale().Many(9).Wait(4).Begin("nginx: terminate TLS 1.3 only, drop the old ciphers and the redirect host").Wait(0.01), Building, clock),
        "failed" => Site(new Tale().Many(17).Wait(5).Failed().Wait(0.2), Quarantined, clock),
        "rolled-back" => Site(new Tale().Many(26).Wait(5).RolledBack().Wait(0.3), Quarantined, clock),
        "needs-operator" => Site(Stuck, NeedsOperator, clock),
        "held" => Site(Suspended, Held, clock),
        "thousand" => Site(new Tale().Many(1000).Wait(1), UpToDate, clock),
        _ => throw new ArgumentException($"There is no scene '{name}'.", nameof(name)),
    };

    /// <summary>The status of a tale.</summary>
    public static HostStatus Status(Tale tale, Func<HostStatus, Tale, HostStatus> with)
    {
        var running = tale.History.ExpectedSystem!.Value;
        return with(
            new HostStatus
            {
                Host = new HostName("web1"),
                At = tale.Now,
                Started = tale.Now.AddDays(-12),
                History = tale.History,
                Machine = new HostState(running, A.Toplevel("web1-25.05.old"), running, "boot-1"),
                Git = new GitView([new RemoteView("origin", tale.Revision, null, null, tale.Now.AddSeconds(-40)), new RemoteView("mirror", tale.Revision, null, new RemoteTrouble("the name mirror.example.org does not resolve; check the network", tale.Now.AddMinutes(-7), 4), tale.Now.AddMinutes(-8))]),
                Selection = new Selection.Wanted(new Candidate(tale.Revision, BranchKind.Main, "origin")),
                StepSince = tale.Now.AddSeconds(-50),
                DecidedAt = tale.Now.AddSeconds(-5),
                Forge = new ForgeStatus("GitHub", OutboxState.Empty with { SentAt = tale.Now.AddMinutes(-2) }),
                Push = new PushStatus("127.0.0.1:9180", tale.Now.AddMinutes(-4), null, 212, 3, null),
            },
            tale);
    }

    /// <summary>A trial with so many rounds, the last of which may fail.</summary>
    public static HostStatus OnTrial(HostStatus status, Tale tale, int rounds, bool passed) => status with
    {
        Machine = status.Machine! with { Running = tale.Toplevel },
        Rounds = [.. Enumerable.Range(0, rounds).Select(i => new ProbeRound(tale.Now.AddSeconds(-5 * (rounds - i)), Tale.Results(passed || i is > 3 and < 10, i)))],
        Step = new HostStep.Hold(new HoldReason.AwaitingHealth(tale.Now.AddSeconds(5), tale.Now.AddMinutes(18), passed ? [] : [Tale.Failing])),
    };

    private static Tale Busy => new Tale().Many(22).Wait(6).Begin().Plan(74).Try().Add(new LedgerEvent.Suspended("moving racks"), 30, Actor.Operator("ada"));

    private static Tale Stuck => new Tale().Many(12).Wait(5).Begin().Plan().Try()
        .Add(new LedgerEvent.RollbackBegan(new Failure.Unhealthy([Tale.Failing]), Tale.Journal), 60)
        .Add(new LedgerEvent.RollbackFailed("switch-to-configuration exited with 4: postgresql.service did not start"), 20).Wait(0.4);

    private static Tale Suspended => new Tale().Many(15).Add(new LedgerEvent.Suspended("database migration until Thursday"), 900, Actor.Operator("grace")).Wait(1);

    private static FakeSite Site(Tale tale, Func<HostStatus, Tale, HostStatus> with, TimeProvider? clock)
    {
        var site = new FakeSite(Status(tale, with), clock) { Commits = tale.Commits };
        site.Log(isEnd: tale.History.Latest is null or { Phase.IsSettled: true }, [.. BuildLog]);
        var number = 40 + tale.History.Deployments.Count;
        foreach (var deployment in tale.History.Deployments.Values.Reverse().Where(d => d.Generation is not null).Take(12))
        {
            site.AllGenerations.Add(new Generation(deployment.Generation!.Value, deployment.Toplevel!.Value, deployment.Changed, site.AllGenerations.Count == 0));
            number--;
        }

        return site;
    }

    private static IEnumerable<string> BuildLog =>
    [
        "checking out 82f3e9c", "evaluating .#nixosConfigurations.web1", "these 7 derivations will be built:",
        .. Enumerable.Range(1, 7).Select(i => $"  /nix/store/{new string((char)('a' + i), 32)}-unit-{i}.service.drv"),
        "building '/nix/store/kx3…-nginx.conf.drv'...", "nginx: the configuration file is ok", "building '/nix/store/9pz…-nixos-system-web1.drv'...",
        "built in 1 m 2 s", "dry activation: would restart nginx.service, postgresql.service", "activating on trial", "setting up /etc...", "restarting nginx.service",
    ];

    private static HostStatus UpToDate(HostStatus status, Tale tale)
    {
        var applied = tale.History.Applied!.Revision!.Value;
        return status with
        {
            Selection = new Selection.Wanted(new Candidate(applied, BranchKind.Main, "origin")),
            Step = new HostStep.Hold(new HoldReason.UpToDate(applied, BranchKind.Main)),
            StepSince = tale.History.Latest!.Changed,
        };
    }

    private static HostStatus OnTrial(HostStatus status, Tale tale) => OnTrial(status, tale, 14, passed: false);

    private static HostStatus Building(HostStatus status, Tale tale) => status with { Step = new HostStep.Build(tale.History.Latest!, tale.Revision) };

    private static HostStatus Quarantined(HostStatus status, Tale tale)
    {
        var held = tale.History.Quarantine[tale.Revision];
        return status with { Step = new HostStep.Hold(new HoldReason.Quarantined(held.Revision, held.Cause, held.Deployment)) };
    }

    private static HostStatus NeedsOperator(HostStatus status, Tale tale)
    {
        var latest = tale.History.Latest!;
        var stuck = (DeploymentPhase.NeedsOperator)latest.Phase;
        return status with
        {
            Machine = status.Machine! with { Running = tale.Toplevel },
            Step = new HostStep.Hold(new HoldReason.NeedsOperator(latest.Id, latest.RollBackTo, stuck.Cause, stuck.Detail, tale.Now.AddMinutes(12))),
        };
    }

    private static HostStatus Held(HostStatus status, Tale tale) => status with
    {
        Selection = new Selection.Wanted(new Candidate(A.Revision("next"), BranchKind.Main, "origin")),
        Step = new HostStep.Hold(new HoldReason.Suspended(tale.Now.AddHours(-1), Actor.Operator("grace"), "database migration until Thursday")),
    };
}
