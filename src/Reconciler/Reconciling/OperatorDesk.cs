using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Takes operators' requests: checks them against the history, writes them down with who asked, and asks for a look.</summary>
internal sealed class OperatorDesk(
    ILedger ledger, LedgerReader reader, GitWatcher watcher, IGitHistory commits, INixHost host, TriggerQueue triggers, StatusBoard board,
    PlanWorkshop workshop) : IOperatorDesk
{
    private static readonly DeskAnswer TooLate = new(false, "Something else happened in that instant; look at `reconciler status` and ask again.");

    /// <inheritdoc/>
    public async Task<DeskAnswer> SyncAsync(string? allowRewindTo, Actor by, CancellationToken cancellationToken)
    {
        await watcher.LookNowAsync(cancellationToken);
        if (allowRewindTo is null)
        {
            triggers.Signal("sync");
            return new DeskAnswer(true, Looked());
        }

        if (commits.Resolve(allowRewindTo) is not { } revision)
        {
            return new DeskAnswer(false, $"'{allowRewindTo}' is no commit that was fetched; give the tip named by `reconciler status`.");
        }

        return Write(new LedgerEvent.RewindAllowed(revision), by, $"{revision.Short} may be deployed although the branch did not go forward to it.", reader.Read());
    }

    /// <inheritdoc/>
    public DeskAnswer Suspend(string reason, Actor by)
    {
        var history = reader.Read();
        return history.Suspension is { } suspension
            ? new DeskAnswer(false, $"Already suspended by {suspension.By}.")
            : Write(new LedgerEvent.Suspended(reason), by, "New deployments are suspended. A trial under way is still confirmed or rolled back.", history);
    }

    /// <inheritdoc/>
    public DeskAnswer Resume(Actor by)
    {
        var history = reader.Read();
        return history switch
        {
            { Latest.Phase: DeploymentPhase.NeedsOperator } when board.Current.Step is HostStep.RollBack =>
                new DeskAnswer(false, "The rollback is being tried once more at this moment. Stop that with `reconciler suspend`, and ask again in a minute."),
            { Latest.Phase: DeploymentPhase.NeedsOperator } =>
                Write(new LedgerEvent.Resumed(), by, $"Deployment {history.Latest.Id} is closed as taken over by you; its revision stays quarantined.", history),
            { Suspension: not null } => Write(new LedgerEvent.Resumed(), by, "Deployments go on.", history),
            _ => new DeskAnswer(false, "Nothing is suspended."),
        };
    }

    /// <inheritdoc/>
    public DeskAnswer Pin(string? revision, Actor by)
    {
        var history = reader.Read();
        var wanted = revision is null ? history.Applied?.Revision : commits.Resolve(revision);
        if (wanted is not { } pin)
        {
            return new DeskAnswer(false, revision is null
                ? "The running system comes from no commit; name the revision to pin."
                : $"'{revision}' names no commit that was fetched, or more than one.");
        }

        return history.Pin == pin
            ? new DeskAnswer(false, $"Already pinned to {pin.Short}.")
            : Write(new LedgerEvent.Pinned(pin), by, $"Pinned to {pin.Short}; the branch is not followed until `reconciler unpin`.", history);
    }

    /// <inheritdoc/>
    public DeskAnswer Unpin(Actor by)
    {
        var history = reader.Read();
        return history.Pin is { } pin
            ? Write(new LedgerEvent.Unpinned(), by, $"No longer pinned to {pin.Short}; the branch is followed.", history)
            : new DeskAnswer(false, "Nothing is pinned.");
    }

    /// <inheritdoc/>
    public DeskAnswer Release(string revision, Actor by)
    {
        var history = reader.Read();
        var held = history.Quarantine.Keys.Where(bad => bad.Sha.StartsWith(revision, StringComparison.OrdinalIgnoreCase)).ToList();
        return (held, revision.Length) switch
        {
            (_, < 4) => new DeskAnswer(false, "Give at least four digits of the revision."),
            ([], _) => new DeskAnswer(false, $"No quarantined revision begins with '{revision}'; see `reconciler quarantine list`."),
            ([var one], _) => Write(new LedgerEvent.QuarantineReleased(one), by, $"{one.Short} may be tried again.", history),
            _ => new DeskAnswer(false, $"'{revision}' fits {held.Count} quarantined revisions; give more digits."),
        };
    }

    /// <inheritdoc/>
    public DeskAnswer RollBack(int? generation, Actor by)
    {
        var history = reader.Read();
        if (history.Latest is { Phase.IsSettled: false } underWay)
        {
            return underWay switch
            {
                { Phase: DeploymentPhase.OnTrial } when generation is null =>
                    Write(new LedgerEvent.TrialRefused(), by, $"Deployment {underWay.Id} is put back to {underWay.RollBackTo.Name}.", history),
                { Phase: DeploymentPhase.NeedsOperator } =>
                    new DeskAnswer(false, $"Deployment {underWay.Id} needs an operator; put the host right by hand, then `reconciler resume`."),
                _ => new DeskAnswer(false, $"Deployment {underWay.Id} is under way; wait for it, or end its trial with `reconciler rollback` without a number."),
            };
        }

        if (board.Current.Step is HostStep.RepairDrift)
        {
            return new DeskAnswer(false, "Drift is being put right at this moment; ask again in a minute.");
        }

        var generations = host.Generations();
        var machine = host.Observe();
        var running = machine.Running;
        var target = generation is { } number
            ? generations.FirstOrDefault(g => g.Number == number)
            : Previous(history, generations, running);
        if (target is null)
        {
            return new DeskAnswer(false, generation is null
                ? "There is no earlier confirmed generation; name one of `reconciler generations`."
                : $"There is no generation {generation}; see `reconciler generations`.");
        }

        if (target.Toplevel == running && target.IsBootDefault)
        {
            return new DeskAnswer(false, $"Generation {target.Number} is what runs and boots already.");
        }

        var leaving = (board.Current.Selection as Selection.Wanted)?.Candidate.Revision ?? history.Applied?.Revision;
        var source = new DeploymentSource.Generation(target.Number, target.Toplevel, leaving);
        return Write(
            new LedgerEvent.DeploymentBegan(source, HostPlanner.SystemToReturnTo(machine, history) ?? target.Toplevel),
            by,
            $"Returning to generation {target.Number} ({target.Toplevel.Name})." + (leaving is { } left ? $" {left.Short} is held until you release it or push a newer commit." : ""),
            history);
    }

    /// <inheritdoc/>
    public Task<PlanAnswer> PlanAsync(string? revision, Action<string> progress, CancellationToken cancellationToken)
    {
        var wanted = revision is null ? (board.Current.Selection as Selection.Wanted)?.Candidate.Revision : commits.Resolve(revision);
        return wanted is { } known
            ? workshop.PlanAsync(known, progress, cancellationToken)
            : Task.FromResult(new PlanAnswer(null, null, null, revision is null
                ? "No revision is wanted; name one."
                : $"'{revision}' names no commit that was fetched, or more than one."));
    }

    // A system confirmed earlier is safer ground than whatever number comes before: a failed or hand-made generation may lie between.
    private static Generation? Previous(HostHistory history, IReadOnlyList<Generation> generations, Toplevel? running)
    {
        var confirmed = history.Deployments.Values.Reverse()
            .Where(deployment => deployment.Phase is DeploymentPhase.Confirmed && deployment.Toplevel != running)
            .Select(deployment => deployment.Toplevel)
            .Append(history.Adopted == running ? null : history.Adopted);
        return confirmed
            .Select(toplevel => generations.FirstOrDefault(generation => generation.Toplevel == toplevel))
            .FirstOrDefault(generation => generation is not null);
    }

    // Written only while what was answered still holds, and only when the history can take it.
    private DeskAnswer Write(LedgerEvent fact, Actor by, string message, HostHistory answeredFrom)
    {
        try
        {
            if (!answeredFrom.Accepts(fact, by))
            {
                return TooLate;
            }

            ledger.Append(fact, by, answeredFrom.Position);
        }
        catch (LedgerMovedException)
        {
            return TooLate;
        }

        board.Refresh();
        triggers.Signal("operator");
        return new DeskAnswer(true, message);
    }

    private string Looked() => watcher.View.Remotes.FirstOrDefault(remote => remote.Trouble is not null) is { } silent
        ? $"Looked; remote '{silent.Name}' cannot be read: {silent.Trouble!.Detail}"
        : "Looked at every remote.";
}
