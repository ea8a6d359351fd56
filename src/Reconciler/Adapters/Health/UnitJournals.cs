using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>Reads the last journal lines of some units, bounded in every direction.</summary>
internal sealed class UnitJournals(IProcessRunner processes)
{
    private const int MostUnits = 10;
    private const int MostLines = 40;
    private const int LongestLine = 300;
    private const int MostCharacters = 6000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads them, newest lines kept, oldest first; a unit without lines is left out.</summary>
    public async Task<JournalExcerpt> ReadAsync(ImmutableArray<string> units, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var read = ImmutableArray.CreateBuilder<UnitJournal>();
        foreach (var unit in units.Where(UnitName.IsValid).Distinct(StringComparer.Ordinal).Take(MostUnits))
        {
            var lines = new Queue<string>();
            var request = Systemctl.Journal(unit, since, MostLines) with
            {
                Timeout = Patience,
                KeepCharacters = 1024,
                OnLine = line => Keep(lines, line),
            };
            var outcome = await processes.RunAsync(request, cancellationToken);
            if (lines.Count > 0)
            {
                read.Add(new UnitJournal(unit, Newest(lines)));
            }

            if (outcome is not ProcessOutcome.Exited)
            {
                // There is no journalctl, or it hangs: it would for every other unit too.
                break;
            }
        }

        return read.Count == 0 ? JournalExcerpt.None : new JournalExcerpt(read.DrainToImmutable());
    }

    private static void Keep(Queue<string> lines, ProcessLine line)
    {
        if (line.IsError || string.IsNullOrWhiteSpace(line.Text))
        {
            return;
        }

        // Only standard output comes here, and it is read by one thread.
        lines.Enqueue(OneLine.Of(line.Text, LongestLine));
        if (lines.Count > MostLines)
        {
            lines.Dequeue();
        }
    }

    private static ImmutableArray<string> Newest(Queue<string> lines)
    {
        var room = MostCharacters;
        return [.. lines.Reverse().TakeWhile(line => (room -= line.Length) >= 0).Reverse()];
    }
}
