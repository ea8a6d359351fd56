using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;

namespace Reconciler.Tests.Simulation;

/// <summary>One run of the daemon, from its start to its death: the real shell, with nothing remembered but the ledger.</summary>
internal sealed record SimulatedDaemon(HostReconciler Reconciler, LedgerReader Reader, GitWatcher Watcher, OperatorDesk Desk, OutboxSender Sender)
{
    /// <summary>Starts one.</summary>
    public static SimulatedDaemon Start(
        SimulatedLedger facts, FakeOutbox outbox, SimulatedRepository repository, SimulatedForge forge, SimulatedMachine machine, SimulatedDeadMansSwitch deadMan, HostPolicy policy, ManualTime wall)
    {
        var clock = new SteadyTime(wall);
        facts.Clock = clock;
        var host = new HostName("web1");
        var triggers = new TriggerQueue();
        var trial = new TrialMemory();
        var postponements = new Postponements(policy.Backoff);
        var reader = new LedgerReader(facts);
        var wake = new TriggerQueue();
        var ledger = new TellingLedger(facts, reader, ForgeTelling.Of, clock, wake);
        var stories = new Stories(host, ledger, reader, repository);
        var watcher = new GitWatcher(
            repository, triggers, new PollPolicy(TimeSpan.FromMinutes(1), 0, policy.Backoff), clock, () => 0.5, NullLogger<GitWatcher>.Instance);
        var board = new StatusBoard(host, reader, () => watcher.View, trial, postponements, clock);
        var store = new StoreWatch(machine.Store, policy.Backoff, clock);
        var observer = new HostObserver(
            reader, machine, deadMan, machine, store, () => watcher.View, repository, trial, postponements, policy, new SignaturePolicy(false, TimeSpan.Zero), clock);
        var prober = new HealthProber(machine, [], new VerificationPolicy(2, TimeSpan.Zero), clock);
        var actuator = new HostActuator(
            ledger, reader, repository, machine, machine, new TrialGuard(deadMan, policy), machine, store, prober, repository, stories, repository, new SilentLogs(), trial, postponements, policy,
            (_, _) => Task.FromResult<string?>(null), clock,
            NullLogger<HostActuator>.Instance);
        var desk = new OperatorDesk(ledger, reader, watcher, repository, machine, triggers, board, new PlanWorkshop(repository, machine, machine));
        var sender = new OutboxSender(outbox, forge, notifier: null, stories, reader, wake, policy.Backoff, clock, NullLogger<OutboxSender>.Instance);
        return new SimulatedDaemon(new HostReconciler(observer, actuator, triggers, board), reader, watcher, desk, sender);
    }
}
