using System.Collections.Immutable;

namespace Reconciler.Cli;

/// <summary>Why a command did not do what was asked.</summary>
/// <param name="ExitCode">What the program exits with.</param>
/// <param name="Cause">What happened.</param>
/// <param name="Cure">What to do; empty when the cause says it, or there is nothing to do.</param>
internal sealed record Trouble(int ExitCode, string Cause, string Cure = "")
{
    /// <summary>The sort of trouble, in a stable word.</summary>
    public string Word { get; init; } = ExitCode switch
    {
        Cli.ExitCode.Usage => "usage",
        Cli.ExitCode.Unreachable => "unreachable",
        Cli.ExitCode.LedgerBroken => "ledgerBroken",
        Cli.ExitCode.NoPlan => "noPlan",
        _ => "failed",
    };

    /// <summary>Single findings, one a line; empty when the cause is all.</summary>
    public ImmutableArray<string> Details { get; init; } = [];

    /// <summary>Cause and cure in one line.</summary>
    public string Text => Cure.Length == 0 ? Cause : $"{Cause} {Cure}";
}
