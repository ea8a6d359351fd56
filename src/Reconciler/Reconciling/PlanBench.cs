using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Builds commits that nobody has agreed to yet, within limits, and compares them with what runs without running them.</summary>
internal sealed class PlanBench(ICheckouts checkouts, INixBuilder builder, ISystemComparison comparison, TimeProvider clock)
{
    private const int MostWarnings = 50;
    private const int LongestWarning = 500;

    /// <summary>Builds a commit of the mirror and says what it would change.</summary>
    /// <param name="revision">The commit.</param>
    /// <param name="running">The system to compare it with.</param>
    /// <param name="cancellationToken">Ends the build; then <see cref="OperationCanceledException"/> is thrown.</param>
    public async Task<PlanReport> PlanAsync(Revision revision, Toplevel running, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        using var warnings = new WarningLog();
        return await builder.BuildAsync(checkouts, revision, warnings, cancellationToken) switch
        {
            BuildOutcome.Built b => new PlanReport.Ready(
                await comparison.CompareAsync(running, b.Toplevel, cancellationToken), b.Toplevel, running, warnings.Lines, clock.GetElapsedTime(began)),
            BuildOutcome.Failed f => new PlanReport.Failed(f.Failure, clock.GetElapsedTime(began)),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Keeps what an evaluation warns of. nix prints the warnings of modules as traces.</summary>
    private sealed class WarningLog : IDeploymentLog
    {
        private static readonly string[] Marks = ["evaluation warning: ", "trace: warning: ", "trace: evaluation warning: "];
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];

        public ImmutableArray<string> Lines
        {
            get
            {
                lock (_lock)
                {
                    return [.. _lines];
                }
            }
        }

        public void Write(string line)
        {
            var text = line.Trim();
            if (Marks.FirstOrDefault(mark => text.StartsWith(mark, StringComparison.Ordinal)) is not { } mark)
            {
                return;
            }

            var warning = OneLine.Of(text[mark.Length..], LongestWarning);
            lock (_lock)
            {
                if (_lines.Count < MostWarnings && !_lines.Contains(warning))
                {
                    _lines.Add(warning);
                }
            }
        }

        public void Dispose()
        {
        }
    }
}
