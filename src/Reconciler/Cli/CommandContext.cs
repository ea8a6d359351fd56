using Reconciler.Configuration;
using Reconciler.Ports;

namespace Reconciler.Cli;

/// <summary>What commands need of the program around them.</summary>
internal sealed record CommandContext
{
    /// <summary>Runs the daemon until it is told to stop, and gives its exit code.</summary>
    public required Func<HostConfiguration, CancellationToken, Task<int>> Run { get; init; }

    /// <summary>Reads and checks a configuration file; <see cref="ConfigurationFile.Load(string, string?)"/> unless a test says otherwise.</summary>
    public required Func<string, ConfigurationOutcome> LoadConfiguration { get; init; }

    /// <summary>Opens the ledger of a configuration without writing to it, for when the daemon is down.</summary>
    /// <remarks>Throws <see cref="LedgerUnavailableException"/> when there is none or it cannot be read.</remarks>
    public required Func<HostConfiguration, OfflineLedger> OpenLedger { get; init; }

    /// <summary>Goes over the local mirror of a configuration's repository, changing nothing.</summary>
    public required Func<HostConfiguration, Task<MirrorVerdict>> CheckMirror { get; init; }

    /// <summary>Asks the forge of a configuration for all that is needed of it; gives nothing when there is none.</summary>
    public required Func<HostConfiguration, Task<IReadOnlyList<ForgeFinding>>> ExamineForge { get; init; }

    /// <summary>What <c>doctor</c> looks at besides the daemon.</summary>
    public required IDoctorMachine Machine { get; init; }

    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where errors and progress go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where answers to questions are read.</summary>
    public required TextReader Input { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>What is known of the terminal.</summary>
    public required TerminalTraits Terminal { get; init; }

    /// <summary>What <c>init</c> needs of the machine.</summary>
    public required IInitMachine InitMachine { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }
}

/// <summary>A ledger opened while the daemon may be down.</summary>
/// <param name="Ledger">To verify.</param>
/// <param name="Export">Writes it as JSON lines.</param>
/// <param name="Close">Lets go of it.</param>
internal sealed record OfflineLedger(ILedger Ledger, Action<TextWriter> Export, Action Close) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Close();
}

/// <summary>How the local mirror of the repository was found.</summary>
/// <param name="Path">Where it should be.</param>
/// <param name="IsThere">Whether it can be seen there.</param>
/// <param name="Fault">What is wrong with it; null when nothing is.</param>
internal sealed record MirrorVerdict(string Path, bool IsThere, string? Fault);
