using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Tests.Making;

/// <summary>Values for tests, each good as it is; a test names only what it is about.</summary>
internal static class A
{
    private const string StoreDigits = "0123456789abcdfghijklmnpqrsvwxyz";

    /// <summary>The instant tests begin at: a Tuesday, at noon.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A commit with an id made from its name: the same for the same name, always.</summary>
    public static Revision Revision(string name = "r1") => new(Convert.ToHexStringLower(HashOf(name).AsSpan(0, 20)));

    /// <summary>A system with a store path made from its name.</summary>
    public static Toplevel Toplevel(string name = "a")
    {
        var hash = new string([.. HashOf(name).Select(b => StoreDigits[b % 32])]);
        return new Toplevel($"/nix/store/{hash}-nixos-system-{name}");
    }

    /// <summary>A candidate of the main branch of <c>origin</c>.</summary>
    public static Candidate Candidate(string name = "r1", BranchKind branch = BranchKind.Main, string remote = "origin") =>
        new(Revision(name), branch, remote);

    /// <summary>A remote that answers.</summary>
    public static RemoteView Remote(string name = "origin", string? main = null, string? testing = null, string? trouble = null) => new(
        name,
        main is null ? null : Revision(main),
        testing is null ? null : Revision(testing),
        trouble is null ? null : new RemoteTrouble(trouble, Start, 1),
        Start);

    /// <summary>A check's outcome: passed, required, and blaming nothing.</summary>
    public static ProbeResult ProbeResult(string check = "web", bool passed = true, bool required = true, params ImmutableArray<string> units) =>
        new(check, required, passed, passed ? "HTTP 200" : "HTTP 503, wanted 200", TimeSpan.FromMilliseconds(20), units);

    /// <summary>A round of probes that ended so many seconds after <see cref="Start"/>.</summary>
    public static ProbeRound Round(double seconds, params ImmutableArray<ProbeResult> results) => new(Start.AddSeconds(seconds), results);

    /// <summary>A deployment of <c>r1</c> that was just selected, on a host that runs <c>old</c>.</summary>
    public static Deployment Deployment(Func<Deployment, Deployment>? with = null)
    {
        var deployment = new Deployment
        {
            Id = new DeploymentId(2),
            Source = new DeploymentSource.Commit(Candidate()),
            RollBackTo = Toplevel("old"),
            Phase = new DeploymentPhase.Selected(),
            Began = Start,
            Changed = Start,
            Actor = Actor.Daemon,
        };
        return with is null ? deployment : with(deployment);
    }

    /// <summary>A deployment of <c>r1</c>, built as <c>new</c>, whose trial began and is activated.</summary>
    public static Deployment Trial(Func<Deployment, Deployment>? with = null) => Deployment(d =>
    {
        var trial = d with
        {
            Phase = new DeploymentPhase.OnTrial(new ActivationOutcome.Succeeded(), Start),
            Toplevel = Toplevel("new"),
            Plan = new SystemPlan(),
            Trial = new TrialStart(Start.AddMinutes(20), "boot-1", [], [], 1),
        };
        return with is null ? trial : with(trial);
    });

    /// <summary>The machine, running, and booting by default, <c>old</c>.</summary>
    public static HostState HostState(string running = "old", string? bootDefault = null, string bootId = "boot-1") =>
        new(Toplevel(running), Toplevel("old"), Toplevel(bootDefault ?? running), bootId);

    /// <summary>
    /// What the planner sees of a host that was adopted running <c>old</c>, with nothing in flight, and <c>r1</c> wanted and trusted.
    /// </summary>
    public static HostView HostView(Func<HostView, HostView>? with = null)
    {
        var view = new HostView
        {
            Now = Start,
            Policy = new HostPolicy(),
            History = History(new LedgerEvent.HostAdopted(Toplevel("old"), Toplevel("old"))),
            Host = HostState(),
            Selection = new Selection.Wanted(Candidate()),
            Signatures = new SignatureVerdict.Trusted(),
        };
        return with is null ? view : with(view);
    }

    /// <summary>The view of a host with this deployment as its latest.</summary>
    public static HostView HostView(Deployment latest, Func<HostView, HostView>? with = null)
    {
        var view = HostView(v => v with
        {
            History = v.History with { Latest = latest, Deployments = v.History.Deployments.SetItem(latest.Id.Position, latest) },
        });
        return with is null ? view : with(view);
    }

    /// <summary>The fold of these facts, one a minute from <see cref="Start"/> on, by the daemon.</summary>
    public static HostHistory History(params LedgerEvent[] facts) => HostHistory.Read(Entries(facts));

    /// <summary>These facts as ledger entries: numbered from 1, one a minute from <see cref="Start"/> on, by the daemon.</summary>
    public static ImmutableArray<LedgerEntry> Entries(params LedgerEvent[] facts) =>
        [.. facts.Select((fact, i) => new LedgerEntry(i + 1, Start.AddMinutes(i), Actor.Daemon, fact))];

    /// <summary>The facts that begin a deployment of this commit on a host adopted running <c>old</c>.</summary>
    public static LedgerEvent[] Begun(string revision = "r1", BranchKind branch = BranchKind.Main) =>
    [
        new LedgerEvent.HostAdopted(Toplevel("old"), Toplevel("old")),
        new LedgerEvent.DeploymentBegan(new DeploymentSource.Commit(Candidate(revision, branch)), Toplevel("old")),
    ];

    /// <summary>The facts up to a trial of this commit, built as <c>new</c> and activated, on a host adopted running <c>old</c>.</summary>
    public static LedgerEvent[] Tried(string revision = "r1", BranchKind branch = BranchKind.Main) =>
    [
        .. Begun(revision, branch),
        new LedgerEvent.BuildSucceeded(Toplevel("new")),
        new LedgerEvent.PlanRecorded(new SystemPlan()),
        new LedgerEvent.TrialBegan(Start.AddMinutes(24), "boot-1", [], []),
        new LedgerEvent.ActivationEnded(new ActivationOutcome.Succeeded()),
    ];

    private static byte[] HashOf(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));
}
