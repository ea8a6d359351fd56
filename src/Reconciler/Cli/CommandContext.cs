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

/// <summary>What is known of the terminal.</summary>
/// <param name="IsOutput">Whether results go to a terminal.</param>
/// <param name="IsInput">Whether questions can be answered.</param>
/// <param name="Width">Columns, when results go to a terminal.</param>
/// <param name="HasColour">Whether colours are wanted.</param>
internal sealed record TerminalTraits(bool IsOutput, bool IsInput, int Width, bool HasColour)
{
    /// <summary>No terminal at all: plain text of any width.</summary>
    public static TerminalTraits None { get; } = new(false, false, 80, false);

    /// <summary>Asks the process's own standard streams and environment.</summary>
    public static TerminalTraits OfThisProcess()
    {
        var isOutput = !Console.IsOutputRedirected;
        var wantsColour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new TerminalTraits(isOutput, !Console.IsInputRedirected, isOutput ? WidthOfConsole() : 80, isOutput && wantsColour);
    }

    private static int WidthOfConsole()
    {
        try
        {
            return Console.WindowWidth is var width and >= 40 ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
