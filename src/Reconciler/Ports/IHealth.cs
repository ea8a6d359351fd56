using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Asks the machine how it is.</summary>
internal interface IHealth
{
    /// <summary>What a system declares in its own <c>etc/reconciler/health.json</c>; nothing when it has no such file.</summary>
    /// <exception cref="InvalidHealthDeclarationException">The file is there and cannot be understood.</exception>
    HealthDeclaration DeclaredBy(Toplevel toplevel);

    /// <summary>Runs one probe within its timeout. Trouble is a failed result, never an exception; only cancellation is thrown.</summary>
    /// <param name="check">What to probe.</param>
    /// <param name="failedUnitsBefore">Units that had failed before the trial.</param>
    /// <param name="cancellationToken">Ends the probe.</param>
    Task<ProbeResult> ProbeAsync(HealthCheck check, ImmutableArray<string> failedUnitsBefore, CancellationToken cancellationToken);

    /// <summary>Units that are in the failed state now, sorted; empty when they cannot be listed.</summary>
    Task<ImmutableArray<string>> FailedUnitsAsync(CancellationToken cancellationToken);

    /// <summary>The last journal lines of some units since an instant; bounded, and none when the journal cannot be read.</summary>
    Task<JournalExcerpt> JournalAsync(ImmutableArray<string> units, DateTimeOffset since, CancellationToken cancellationToken);
}

/// <summary>A system's health declaration cannot be understood; the message names the file and each error.</summary>
internal sealed class InvalidHealthDeclarationException : Exception
{
    public InvalidHealthDeclarationException()
    {
    }

    public InvalidHealthDeclarationException(string message)
        : base(message)
    {
    }

    public InvalidHealthDeclarationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
