using Reconciler.Model;

namespace Reconciler.History;

/// <summary>A fact with its place in the ledger.</summary>
/// <param name="Position">Counts from 1 without gaps.</param>
/// <param name="At">When it was appended, in UTC with millisecond precision.</param>
/// <param name="Actor">Who asked for it.</param>
/// <param name="Fact">What it says.</param>
internal sealed record LedgerEntry(long Position, DateTimeOffset At, Actor Actor, LedgerEvent Fact);
