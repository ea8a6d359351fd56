using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Wire;
using static Reconciler.Web.Metrics.MetricFamily;

namespace Reconciler.Web.Metrics;

/// <summary>What is measured of the host. Names and labels are promises to people's alarms: never rename one.</summary>
internal static class HostMetrics
{
    /// <summary>All metrics at one instant.</summary>
    /// <param name="status">The host.</param>
    /// <param name="told">The same, as it is told.</param>
    public static ImmutableArray<MetricFamily> Of(HostStatus status, StatusDocument told) =>
        [.. State(status, told), .. Systems(status), .. Remotes(status), .. Deployments(status), .. Forge(status)];

    private static ImmutableArray<MetricFamily> State(HostStatus status, StatusDocument told) =>
    [
        new("reconciler_build_info", MetricKind.Gauge, "Always 1; the label has the version.", [new MetricSample(1, ("version", told.Version), ("host", told.Host))]),
        Instant("reconciler_start_timestamp_seconds", "When the daemon started.", status.Started),
        Instant("reconciler_decided_timestamp_seconds", "When the daemon last decided what to do; it does so at least at each poll.", status.DecidedAt),
        new("reconciler_state", MetricKind.Gauge, "1 for the state the host is in, 0 for all others.", [.. Enum.GetValues<HostStateWord>().Select(word => new MetricSample(word == told.State ? 1 : 0, ("state", Word(word.ToString()))))]),
        new("reconciler_hold", MetricKind.Gauge, "1 while nothing moves; the label says why.", Hold(status)),
        Instant("reconciler_state_since_timestamp_seconds", "Since when that is so.", told.Since),
        Gauge("reconciler_needs_attention", "1 when a person should look.", told.NeedsAttention),
        Gauge("reconciler_suspended", "1 while an operator has stopped new deployments.", status.History.Suspension is not null),
        Gauge("reconciler_pinned", "1 while an operator has fixed the host to one revision.", status.History.Pin is not null),
        Gauge("reconciler_quarantined_revisions", "Revisions that are not tried again.", status.History.Quarantine.Count),
        Gauge("reconciler_ledger_height", "Entries in the ledger.", status.History.Position),
    ];

    private static ImmutableArray<MetricFamily> Systems(HostStatus status) =>
    [
        Gauge("reconciler_generation", "The generation that was last confirmed.", status.History.LastConfirmed?.Generation),
        Gauge("reconciler_drift", "1 while something else runs or boots than was confirmed.", status.History.Drift is not null),
        Gauge(
            "reconciler_reboot_needed",
            "1 when parts of the system that runs, such as its kernel, only come with a reboot.",
            status.History.Applied is { Plan.RebootReasons.IsEmpty: false } applied && applied.Trial?.BootId == status.Machine?.BootId),
    ];

    private static ImmutableArray<MetricFamily> Remotes(HostStatus status) =>
    [
        new("reconciler_remote_up", MetricKind.Gauge, "1 when the remote answered at the last look.", [.. status.Git.Remotes.Select(remote => new MetricSample(remote is { Trouble: null, ReachedAt: not null } ? 1 : 0, ("remote", remote.Name)))]),
        new("reconciler_remote_reached_timestamp_seconds", MetricKind.Gauge, "When the remote last answered.", [.. status.Git.Remotes.Where(remote => remote.ReachedAt is not null).Select(remote => new MetricSample(remote.ReachedAt!.Value.ToUnixTimeMilliseconds() / 1000.0, ("remote", remote.Name)))]),
    ];

    private static ImmutableArray<MetricFamily> Deployments(HostStatus status)
    {
        var all = status.History.Deployments.Values;
        var outcomes = all.Where(deployment => deployment.Phase.IsSettled).CountBy(OutcomeOf).ToDictionary();
        var phases = all.SelectMany(deployment => PhaseDocument.Of(deployment).AsEnumerable()).Where(phase => phase.Ended is not null).GroupBy(phase => phase.Phase).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        var good = all.LastOrDefault(deployment => deployment.Phase is DeploymentPhase.Confirmed or DeploymentPhase.Accepted);
        return
        [
            Counter("reconciler_deployments_total", "Deployments that ended, by how, since the ledger began.", [.. Outcomes.Select(outcome => new MetricSample(outcomes.GetValueOrDefault(outcome), ("outcome", outcome)))]),
            Instant("reconciler_last_deployment_timestamp_seconds", "When the latest deployment last changed.", status.History.Latest?.Changed),
            Instant("reconciler_last_success_timestamp_seconds", "When a deployment was last confirmed, or accepted for testing.", good?.Changed),
            Gauge("reconciler_last_success_duration_seconds", "How long that took from its selection.", good is null ? null : (good.Changed - good.Began).TotalSeconds),
            Counter("reconciler_phase_seconds_total", "Time that deployments spent in each phase, since the ledger began.", [.. phases.Select(group => new MetricSample(Math.Round(group.Sum(phase => (phase.Ended!.Value - phase.Began).TotalSeconds), 3), ("phase", group.Key)))]),
            Counter("reconciler_phases_total", "How often a deployment went through each phase, since the ledger began.", [.. phases.Select(group => new MetricSample(group.Count(), ("phase", group.Key)))]),
        ];
    }

    private static ImmutableArray<MetricFamily> Forge(HostStatus status) => status.Forge is not { } forge
        ? []
        :
        [
            Gauge("reconciler_outbox_waiting", "Messages the forge is still to be told.", forge.Outbox.Waiting),
            Instant("reconciler_outbox_oldest_timestamp_seconds", "Since when the oldest of them waits.", forge.Outbox.OldestAt),
            Counter("reconciler_outbox_given_up_total", "Messages that will never be sent.", new MetricSample(forge.Outbox.GivenUp)),
            Gauge("reconciler_forge_requests_left", "Requests the forge still answers before its rate limit, as it last said.", forge.RequestsLeft),
        ];

    private static readonly ImmutableArray<string> Outcomes = ["confirmed", "accepted", "rolledBack", "failed", "superseded", "abandoned"];

    private static string OutcomeOf(Deployment deployment) => Word(deployment.Phase.GetType().Name);

    private static ImmutableArray<MetricSample> Hold(HostStatus status) =>
        status is { Trouble: null, Step: HostStep.Hold { Reason: var reason } } ? [new MetricSample(1, ("reason", Word(reason.GetType().Name)))] : [];

    private static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
