using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Making;
using Reconciler.Tests.Simulation;

namespace Reconciler.Tests.Fakes;

/// <summary>The real shell of the daemon between fakes, in time that a test moves.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly PlanWorkshop _workshop;

    public Workplace(SignaturePolicy? signatures = null, HostPolicy? policy = null)
    {
        var rules = policy ?? new HostPolicy();
        Steady = new SteadyTime(Clock);
        Ledger = new FakeLedger(Steady);
        Reader = new LedgerReader(Ledger);
        Postponements = new Postponements(rules.Backoff);
        Trial = new TrialMemory();
        Watcher = new GitWatcher(Remotes, Triggers, new PollPolicy(TimeSpan.FromMinutes(1), 0, rules.Backoff), Steady, () => 0.5, WatcherLog);
        Board = new StatusBoard(new HostName("web1"), Reader, () => Git ?? Watcher.View, Trial, Postponements, Steady);
        var store = new StoreWatch(Store, rules.Backoff, Steady);
        Observer = new HostObserver(
            Reader, Host, DeadMan, Reboots, store, () => Git ?? Watcher.View, Commits, Trial, Postponements, rules, signatures ?? new SignaturePolicy(false, TimeSpan.Zero), Steady);
        Prober = new HealthProber(Health, [], new VerificationPolicy(3, TimeSpan.FromSeconds(5)), Steady);
        var actuator = new HostActuator(
            Ledger, Reader, Host, Host, Host, new TrialGuard(DeadMan, rules), Reboots, store, Prober, Forge, new Stories(new HostName("web1"), Ledger, Reader, Commits), Commits, new SilentLogs(), Trial, Postponements, rules,
            (_, _) => Task.FromResult<string?>(null), Steady,
            NullLogger<HostActuator>.Instance);
        Reconciler = new HostReconciler(Observer, actuator, Triggers, Board);
        Loop = new ReconcileLoop(Reconciler, Triggers, Postponements, Board, rules.Backoff, Holds.Add, Steady, LoopLog);
        _workshop = new PlanWorkshop(Host, Host, Host);
        Desk = new OperatorDesk(Ledger, Reader, Watcher, Commits, Host, Triggers, Board, _workshop);
    }

    public VirtualTime Clock { get; } = new();

    /// <summary>The same time, as the daemon has it.</summary>
    public SteadyTime Steady { get; }

    public FakeLedger Ledger { get; }

    public FakeHost Host { get; } = new();

    public FakeDeadMansSwitch DeadMan { get; } = new();

    public FakeReboots Reboots { get; } = new();

    public FakeStoreCare Store { get; } = new();

    public FakeHealth Health { get; } = new();

    public FakeGitStory Forge { get; } = new();

    public FakeGitHistory Commits { get; } = new();

    public FakeGitRemotes Remotes { get; } = new("origin");

    public TriggerQueue Triggers { get; } = new();

    public LedgerReader Reader { get; }

    public Postponements Postponements { get; }

    public TrialMemory Trial { get; }

    public GitWatcher Watcher { get; }

    public StatusBoard Board { get; }

    public HostObserver Observer { get; }

    public HealthProber Prober { get; }

    public HostReconciler Reconciler { get; }

    public ReconcileLoop Loop { get; }

    public OperatorDesk Desk { get; }

    public LogLines<GitWatcher> WatcherLog { get; } = new();

    public LogLines<ReconcileLoop> LoopLog { get; } = new();

    /// <summary>The reasons to hold that the loop told of.</summary>
    public List<HoldReason> Holds { get; } = [];

    /// <summary>What the remotes show; null to have them looked at.</summary>
    public GitView? Git { get; set; } = new([A.Remote(main: "r1")]);

    public void Wants(string revision, string? testing = null) => Git = new GitView([A.Remote(main: revision, testing: testing)]);

    public void Write(params ReadOnlySpan<LedgerEvent> facts)
    {
        foreach (var fact in facts)
        {
            Ledger.Append(fact, Actor.Daemon);
        }
    }

    public void Dispose() => _workshop.Dispose();
}
