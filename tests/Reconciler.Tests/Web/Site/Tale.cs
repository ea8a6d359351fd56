using System.Collections.Immutable;
using System.Globalization;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Tests.Making;

namespace Reconciler.Tests.Web.Site;

/// <summary>A made-up past of a host, told deployment by deployment, as the facts of its ledger.</summary>
internal sealed class Tale
{
    private static readonly string[] Subjects =
    [
        "web: raise the connection limit", "postgresql: 17.2", "monitoring: alert when the queue grows", "flake: update nixpkgs", "backup: keep four weeks",
        "nginx: HTTP/3", "users: add grace", "firewall: close 8080", "kernel: 6.12", "mail: new certificate",
    ];

    private readonly Dictionary<Revision, CommitSummary> _commits = [];
    private int _count;

    public Tale() => Add(new LedgerEvent.HostAdopted(A.Toplevel("web1-25.05.old"), A.Toplevel("web1-25.05.old")), 0);

    /// <summary>The time of the next fact.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 2, 2, 8, 30, 0, TimeSpan.Zero);

    /// <summary>The fold of all facts.</summary>
    public HostHistory History { get; private set; } = HostHistory.Empty;

    /// <summary>What the mirror says of the commits.</summary>
    public IReadOnlyDictionary<Revision, CommitSummary> Commits => _commits;

    /// <summary>The commit of the last deployment.</summary>
    public Revision Revision => A.Revision(Name);

    /// <summary>The system of the last deployment.</summary>
    public Toplevel Toplevel => A.Toplevel($"web1-25.05.{Name}");

    private string Name => string.Create(CultureInfo.InvariantCulture, $"r{_count}");

    private Toplevel Good => History.GoodSystem!.Value;

    /// <summary>Adds a fact after so many seconds.</summary>
    public Tale Add(LedgerEvent fact, double seconds, Actor? by = null)
    {
        Now = Now.AddSeconds(seconds);
        History = History.Then(new LedgerEntry(History.Position + 1, Now, by ?? Actor.Daemon, fact));
        return this;
    }

    /// <summary>Lets time pass.</summary>
    public Tale Wait(double hours)
    {
        Now = Now.AddHours(hours);
        return this;
    }

    /// <summary>Begins the deployment of a new commit.</summary>
    public Tale Begin(string? subject = null)
    {
        _count++;
        _commits[Revision] = new CommitSummary(Revision, subject ?? Subjects[_count % Subjects.Length], "Ada Lovelace", Now.AddMinutes(-3));
        return Add(new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(new Candidate(Revision, BranchKind.Main, "origin")), Good), 1);
    }

    /// <summary>Builds and plans it.</summary>
    public Tale Plan(double building = 62, SystemPlan? plan = null) =>
        Add(new LedgerEvent.BuildSucceeded(Toplevel), building).Add(new LedgerEvent.PlanRecorded(plan ?? SomePlan), 4);

    /// <summary>Activates it on trial.</summary>
    public Tale Try(double waiting = 0.4, double activating = 9) =>
        Add(new LedgerEvent.TrialBegan(Now.AddMinutes(20), "boot-1", [], []), waiting).Add(new LedgerEvent.ActivationEnded(new ActivationOutcome.Succeeded()), activating);

    /// <summary>A deployment that goes well.</summary>
    public Tale Confirmed(double building = 62, double trial = 45, double waiting = 0.4) => Begin().Plan(building).Try(waiting)
        .Add(new LedgerEvent.ConfirmBegan(Results(true)), trial).Add(new LedgerEvent.Confirmed(Toplevel, 40 + _count, true), 5).Told();

    /// <summary>A deployment that fails its health checks.</summary>
    public Tale RolledBack(double building = 48, double trial = 90)
    {
        var cause = new Failure.Unhealthy([Failing]);
        return Begin().Plan(building).Try().Add(new LedgerEvent.RollbackBegan(cause, Journal), trial).Add(new LedgerEvent.RolledBack(), 14).Told();
    }

    /// <summary>A deployment that does not build.</summary>
    public Tale Failed(double building = 21) => Begin().Add(new LedgerEvent.DeploymentFailed(new Failure.BuildFailed(Excerpt)), building).Told();

    /// <summary>A deployment that gives way to the next.</summary>
    public Tale Superseded() => Begin().Add(new LedgerEvent.DeploymentSuperseded(A.Revision($"r{_count + 1}")), 12);

    /// <summary>Many deployments, a few of each kind.</summary>
    public Tale Many(int count)
    {
        var chance = new Random(7);
        for (var i = 0; i < count; i++)
        {
            Wait(2 + (chance.NextDouble() * 9));
            _ = chance.Next(20) switch
            {
                0 => Failed(10 + chance.Next(40)),
                1 => RolledBack(40 + chance.Next(60), 30 + chance.Next(90)),
                2 => Superseded(),
                3 => Confirmed(30 + chance.Next(200), 40 + chance.Next(30), waiting: 3600 * chance.Next(1, 9)),
                _ => Confirmed(25 + chance.Next(110), 40 + chance.Next(25)),
            };
        }

        return this;
    }

    public static ProbeResult Failing { get; } =
        new("https://www.example.org/health", true, false, "HTTP 502 Bad Gateway, wanted 200", TimeSpan.FromMilliseconds(31), ["nginx.service"]);

    public static JournalExcerpt Journal { get; } = new([
        new UnitJournal("nginx.service",
        [
            "nginx.service: Scheduled restart job, restart counter is at 5.",
            "nginx[4711]: [emerg] bind() to 0.0.0.0:443 failed (98: Address already in use)",
            "nginx.service: Failed with result 'exit-code'.",
        ]),
    ]);

    public static SystemPlan SomePlan { get; } = new()
    {
        Restart = ["nginx.service", "postgresql.service"],
        Start = ["backup.timer"],
        Reload = ["dbus.service"],
        LeftAlone = ["systemd-logind.service"],
        Packages = [new("nginx", ["1.28.0"], ["1.28.1"]), new("postgresql", ["17.2"], ["17.4"]), new("restic", [], ["0.18.0"])],
        ClosureBytes = 2_412_000_000,
        ClosureBytesBefore = 2_398_000_000,
    };

    /// <summary>Four checks that pass, or of which two fail.</summary>
    public static ImmutableArray<ProbeResult> Results(bool passed, int round = 0) =>
    [
        new("units", true, true, "no unit failed", TimeSpan.FromMilliseconds(6 + (round % 3)), []),
        passed ? new("https://www.example.org/health", true, true, "HTTP 200", TimeSpan.FromMilliseconds(18 + (round * 7 % 23)), []) : Failing,
        new("postgresql.service is active", true, true, "active (running)", TimeSpan.FromMilliseconds(4), []),
        new("metrics", false, round % 4 != 3, round % 4 != 3 ? "HTTP 200" : "connection refused", TimeSpan.FromMilliseconds(9 + (round % 5)), []),
    ];

    private static string Excerpt => """
        error: builder for '/nix/store/1xk…-nginx.conf.drv' failed with exit code 1;
               last 3 log lines:
               > nginx: [emerg] unknown directive "lissten" in /build/nginx.conf:12
               > nginx: configuration file /build/nginx.conf test failed
        """;

    private Tale Told() => Add(new LedgerEvent.Told(History.Latest!.Id, true, null), 2);
}
