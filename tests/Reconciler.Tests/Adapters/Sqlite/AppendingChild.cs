using System.Diagnostics;
using System.Runtime.CompilerServices;
using Reconciler.Adapters.Sqlite;
using Reconciler.History;
using Reconciler.Model;

namespace Reconciler.Tests.Adapters.Sqlite;

/// <summary>This test program started once more, as a process that only appends to a ledger and says so after each append, until it is killed.</summary>
internal static class AppendingChild
{
    private const string Variable = "RECONCILER_TESTS_APPEND_TO";

    /// <summary>Starts the child on a ledger.</summary>
    public static Process Start(string ledger)
    {
        // Under `dotnet test` the running program is not ours, so ours is named.
        var info = new ProcessStartInfo("dotnet", ["exec", Path.ChangeExtension(typeof(AppendingChild).Assembly.Location, ".dll")])
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = ledger },
        };
        return Process.Start(info)!;
    }

    // Runs before Main: with the variable set this process never becomes a test run.
    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } path)
        {
            return;
        }

        using var ledger = SqliteLedger.Open(path, TimeProvider.System);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        while (true)
        {
            var entry = ledger.Append(new LedgerEvent.Suspended("appended by a child"), Actor.Daemon);
            output.WriteLine($"{entry.Position} {ledger.HeadHash}");
        }
    }
}
