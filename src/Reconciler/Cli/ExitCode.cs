namespace Reconciler.Cli;

/// <summary>What the program's exit code means; <c>docs/exit-codes.md</c> tells the same.</summary>
internal static class ExitCode
{
    /// <summary>Done; for <c>plan</c>: it would change nothing.</summary>
    public const int Ok = 0;

    /// <summary>Refused or failed.</summary>
    public const int Failed = 1;

    /// <summary>For <c>plan</c> only: it would change something.</summary>
    public const int WouldChange = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The daemon cannot be reached, or speaks another version.</summary>
    public const int Unreachable = 3;

    /// <summary>The ledger is broken.</summary>
    public const int LedgerBroken = 4;

    /// <summary>The host needs a person, or the last deployment failed.</summary>
    public const int NeedsOperator = 5;

    /// <summary>For <c>plan</c> only: no plan could be made.</summary>
    public const int NoPlan = 6;

    /// <summary>Ended by ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>The table shown by <c>--help</c>.</summary>
    public const string Help = """
        Exit codes:
          0    done (plan: it would change nothing)
          1    refused or failed (plan: it would change something)
          2    the command line or the configuration is wrong
          3    the daemon cannot be reached, or speaks another version
          4    the ledger is broken
          5    the host needs a person, or the last deployment failed (sync --wait, status --exit-code)
          6    plan: no plan could be made
          130  ended by ctrl-C
        """;
}
