using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>Lists the units that have failed, and looks whether any did since the trial began.</summary>
internal sealed class FailedUnits(IProcessRunner processes)
{
    private const int MostBlamed = 10;

    // The units activation itself runs in. Their failure is told by the activation's own outcome.
    private const string OwnUnits = "reconciler-";

    /// <summary>What came of listing. A closed set.</summary>
    internal abstract record Answer
    {
        private Answer() { }

        /// <summary>These, sorted.</summary>
        public sealed record Listed(ImmutableArray<string> Units) : Answer;

        /// <summary>They could not be listed.</summary>
        public sealed record Unknown(string Detail) : Answer;
    }

    /// <summary>Lists the units that have failed.</summary>
    public async Task<Answer> ListAsync(CancellationToken cancellationToken) =>
        await processes.RunAsync(Systemctl.ListFailed(), cancellationToken) switch
        {
            ProcessOutcome.Exited { Code: 0 } exited => new Answer.Listed(Read(exited.Output)),
            var trouble => new Answer.Unknown(trouble.Describe("systemctl")),
        };

    /// <summary>Looks whether a unit failed that had not failed before.</summary>
    public async Task<Sighting> LookAsync(ImmutableArray<string> failedBefore, CancellationToken cancellationToken) =>
        await ListAsync(cancellationToken) switch
        {
            Answer.Listed listed => Judge(listed.Units, failedBefore),
            Answer.Unknown unknown => Sighting.Bad($"the failed units cannot be listed: {unknown.Detail}"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Sighting Judge(ImmutableArray<string> now, ImmutableArray<string> before)
    {
        var fresh = now.Except(before, StringComparer.Ordinal).Where(unit => !unit.StartsWith(OwnUnits, StringComparison.Ordinal)).ToImmutableArray();
        return fresh switch
        {
            [] when now.IsEmpty => Sighting.Good("no unit has failed"),
            [] => Sighting.Good("no unit has failed since the trial began"),
            { Length: <= MostBlamed } => Sighting.Bad($"failed since the trial began: {string.Join(", ", fresh)}") with { Units = fresh },
            _ => Sighting.Bad($"{fresh.Length} units failed since the trial began: {string.Join(", ", fresh.Take(MostBlamed))}, …") with
            {
                Units = [.. fresh.Take(MostBlamed)],
            },
        };
    }

    private static ImmutableArray<string> Read(string output) =>
    [
        .. output.Split('\n')
            .Select(line => line.TrimStart('●', '*', '×', ' ').Split(' ', 2)[0])
            .Where(UnitName.IsValid)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}
