using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>Checks that fail when a test says so.</summary>
internal sealed class FakeHealth : IHealth
{
    /// <summary>What each system declares; nothing for any other.</summary>
    public Dictionary<Toplevel, HealthDeclaration> Declared { get; } = [];

    /// <summary>Systems whose declaration cannot be understood.</summary>
    public HashSet<Toplevel> Unreadable { get; } = [];

    /// <summary>How often each named check fails from now on before it passes.</summary>
    public Dictionary<string, int> Failing { get; } = [];

    public ImmutableArray<string> FailedUnits { get; set; } = [];

    /// <summary>Names of the checks that were probed, in order.</summary>
    public List<string> Probed { get; } = [];

    public List<ImmutableArray<string>> JournalsAsked { get; } = [];

    public HealthDeclaration DeclaredBy(Toplevel toplevel) => Unreadable.Contains(toplevel)
        ? throw new InvalidHealthDeclarationException("health.json: '$.checks' must be a list")
        : Declared.GetValueOrDefault(toplevel, HealthDeclaration.Nothing);

    public Task<ProbeResult> ProbeAsync(HealthCheck check, ImmutableArray<string> failedUnitsBefore, CancellationToken cancellationToken)
    {
        Probed.Add(check.Name);
        var left = Failing.GetValueOrDefault(check.Name);
        Failing[check.Name] = Math.Max(0, left - 1);
        return Task.FromResult(new ProbeResult(check.Name, check.Required, left == 0, left == 0 ? "active" : "failed", TimeSpan.Zero, []));
    }

    public Task<ImmutableArray<string>> FailedUnitsAsync(CancellationToken cancellationToken) => Task.FromResult(FailedUnits);

    public Task<JournalExcerpt> JournalAsync(ImmutableArray<string> units, DateTimeOffset since, CancellationToken cancellationToken)
    {
        JournalsAsked.Add(units);
        return Task.FromResult(JournalExcerpt.None);
    }
}
