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

    /// <summary>The host needs a person; for <c>status --exit-code</c> also: the last deployment failed.</summary>
    public const int NeedsOperator = 5;

    /// <summary>For <c>plan</c> only: no plan could be made.</summary>
    public const int NoPlan = 6;

    /// <summary>For <c>sync --wait</c> only: the deployment failed before it was activated.</summary>
    public const int DeploymentFailed = 7;

    /// <summary>For <c>sync --wait</c> only: the deployment was rolled back.</summary>
    public const int RolledBack = 8;

    /// <summary>For <c>sync --wait</c> only: what is wanted is not deployed now; the reason was told.</summary>
    public const int Held = 9;

    /// <summary>For <c>sync --wait</c> only: the time given was up first.</summary>
    public const int TimedOut = 10;

    /// <summary>Ended by ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>The table shown by <c>--help</c>.</summary>
    public const string Help = """
        Exit codes:
          0    done (plan: it would change nothing; sync --wait: confirmed, or nothing new)
          1    refused or failed (plan: it would change something)
          2    the command line or the configuration is wrong
          3    the daemon cannot be reached, or speaks another version
          4    the ledger is broken
          5    the host needs a person (sync --wait, status --exit-code), or the last deployment failed (status --exit-code)
          6    plan: no plan could be made
          7    sync --wait: the deployment failed before it was activated
          8    sync --wait: the deployment was rolled back
          9    sync --wait: what is wanted is not deployed now, and the reason was told
          10   sync --wait: the time of --timeout was up first
          130  ended by ctrl-C (--watch: 0)
        """;
}
