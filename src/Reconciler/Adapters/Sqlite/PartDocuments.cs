using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Model;

namespace Reconciler.Adapters.Sqlite;

/// <summary>A <see cref="ProbeResult"/> as the ledger keeps it.</summary>
internal sealed record ProbeDocument(string Check, bool Required, bool Passed, string Detail, long TookMicroseconds, ImmutableArray<string> Units)
{
    public static ImmutableArray<ProbeDocument> Of(ImmutableArray<ProbeResult> results, LedgerLimits limits) => limits.Each(
        results,
        r => new ProbeDocument(
            limits.Text(r.Check), r.Required, r.Passed, limits.Text(r.Detail), LedgerTime.Microseconds(r.Took), limits.Texts(r.Units)));

    public static ImmutableArray<ProbeResult> Read(ImmutableArray<ProbeDocument> results) =>
        [.. results.Checked().Select(r => new ProbeResult(r.Check, r.Required, r.Passed, r.Detail, LedgerTime.Duration(r.TookMicroseconds), r.Units.Checked()))];
}

/// <summary>A <see cref="SystemPlan"/> as the ledger keeps it.</summary>
internal sealed record PlanDocument(
    ImmutableArray<string> Stop,
    ImmutableArray<string> Start,
    ImmutableArray<string> Restart,
    ImmutableArray<string> Reload,
    ImmutableArray<string> LeftAlone,
    ImmutableArray<PackageDocument> Packages,
    long? ClosureBytes,
    long? ClosureBytesBefore,
    ImmutableArray<string> RebootReasons)
{
    public static PlanDocument Of(SystemPlan plan, LedgerLimits limits) => new(
        limits.Texts(plan.Stop),
        limits.Texts(plan.Start),
        limits.Texts(plan.Restart),
        limits.Texts(plan.Reload),
        limits.Texts(plan.LeftAlone),
        limits.Each(plan.Packages, p => new PackageDocument(limits.Text(p.Name), limits.Texts(p.Before), limits.Texts(p.After))),
        plan.ClosureBytes,
        plan.ClosureBytesBefore,
        limits.Texts(plan.RebootReasons));

    public SystemPlan Read() => new()
    {
        Stop = Stop.Checked(),
        Start = Start.Checked(),
        Restart = Restart.Checked(),
        Reload = Reload.Checked(),
        LeftAlone = LeftAlone.Checked(),
        Packages = [.. Packages.Checked().Select(p => new PackageChange(p.Name, p.Before.Checked(), p.After.Checked()))],
        ClosureBytes = ClosureBytes,
        ClosureBytesBefore = ClosureBytesBefore,
        RebootReasons = RebootReasons.Checked(),
    };
}

/// <summary>A <see cref="PackageChange"/> as the ledger keeps it.</summary>
internal sealed record PackageDocument(string Name, ImmutableArray<string> Before, ImmutableArray<string> After);

/// <summary>A <see cref="UnitJournal"/> as the ledger keeps it.</summary>
internal sealed record UnitJournalDocument(string Unit, ImmutableArray<string> Lines)
{
    public static ImmutableArray<UnitJournalDocument> Of(JournalExcerpt journal, LedgerLimits limits) =>
        limits.Each(journal.Units, u => new UnitJournalDocument(limits.Text(u.Unit), limits.Texts(u.Lines)));

    public static JournalExcerpt Read(ImmutableArray<UnitJournalDocument> units) => units.Checked().IsEmpty
        ? JournalExcerpt.None
        : new JournalExcerpt([.. units.Select(u => new UnitJournal(u.Unit, u.Lines.Checked()))]);
}

/// <summary>Refuses what JSON allows and the model does not.</summary>
internal static class Documents
{
    /// <summary>The array, which has no missing items.</summary>
    /// <exception cref="JsonException">An item is null.</exception>
    public static ImmutableArray<T> Checked<T>(this ImmutableArray<T> items)
        where T : class => items.Any(i => i is null) ? throw new JsonException("an item of a list is null") : items;
}
