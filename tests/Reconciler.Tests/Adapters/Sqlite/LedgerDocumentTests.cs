using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Sqlite;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Sqlite;

/// <summary>docs/ledger.md says what the program does: others verify ledgers by it.</summary>
public sealed class LedgerDocumentTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly string _text = File.ReadAllText(Find("docs/ledger.md"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Vector_IsWhatTheLedgerWrites()
    {
        using var ledger = SqliteLedger.Open(_folder.At("ledger.db"), _clock);
        ledger.Append(new LedgerEvent.Suspended("Wartung für \"db1\""), Actor.Operator("ada"));
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        ledger.Append(new LedgerEvent.Resumed(), Actor.Daemon);

        var rows = new List<LedgerRow>();
        ledger.Read(0, rows.Add);

        Assert.Contains($"| `at` | {rows[0].At} | {rows[1].At} |", _text, StringComparison.Ordinal);
        Assert.Contains($"| `fact` | `{Encoding.UTF8.GetString(rows[0].Fact.AsSpan())}` | `{{}}` |", _text, StringComparison.Ordinal);
        Assert.Contains($"| `hash` | `{rows[0].Hash}` | `{rows[1].Hash}` |", _text, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandByHand_GivesTheHashOfTheVector()
    {
        var hash = Regex.Match(_text, @"\| `hash` \| `\w+` \| `(\w+)` \|").Groups[1].Value;

        var (code, output) = Run("sh", "-c", Block("sh"));

        Assert.Equal(0, code);
        Assert.StartsWith(hash, output, StringComparison.Ordinal);
    }

    [Fact]
    public void VerifierInTheDocument_AgreesWithTheLedger()
    {
        Assert.SkipUnless(HasPython(), "python3 with sqlite3 is not here.");
        var path = _folder.At("ledger.db");
        File.WriteAllText(_folder.At("verify.py"), Block("python"));
        using (var ledger = SqliteLedger.Open(path, _clock))
        {
            foreach (var fact in EveryCase.Of<LedgerEvent>())
            {
                ledger.Append(fact, Actor.Operator("zoë"));
            }

            Assert.Equal((0, $"{ledger.Position} {ledger.HeadHash}\n"), Run("python3", _folder.At("verify.py"), path));
        }

        using (var connection = LedgerConnection.Open(path))
        {
            connection.Execute("DROP TRIGGER entry_is_never_changed; UPDATE entry SET at = at + 1 WHERE position = 9");
        }

        Assert.Equal(1, Run("python3", _folder.At("verify.py"), path).Code);
    }

    [Fact]
    public void ExportedFacts_WrittenCanonically_AreWhatWasHashed()
    {
        Assert.SkipUnless(HasPython(), "python3 is not here.");
        using var ledger = SqliteLedger.Open(_folder.At("ledger.db"), _clock);
        foreach (var fact in EveryCase.Of<LedgerEvent>())
        {
            ledger.Append(fact, Actor.Daemon);
        }

        using (var output = new StreamWriter(_folder.At("export")))
        {
            LedgerExport.Write(ledger, output);
        }

        var facts = new StringBuilder();
        ledger.Read(0, row => facts.Append(Encoding.UTF8.GetString(row.Fact.AsSpan())).Append('\n'));
        const string Script = """
            import json, sys
            sys.stdout.reconfigure(encoding="utf-8")
            for line in open(sys.argv[1], encoding="utf-8"):
                print(json.dumps(json.loads(line)["fact"], separators=(",", ":"), sort_keys=True, ensure_ascii=False))
            """;

        Assert.Equal((0, facts.ToString()), Run("python3", "-c", Script, _folder.At("export")));
    }

    [Fact]
    public void Document_NamesEveryKind()
    {
        var nested = typeof(FactDocument).Assembly.GetTypes()
            .SelectMany(t => t.GetCustomAttributes<JsonDerivedTypeAttribute>())
            .Select(a => (string)a.TypeDiscriminator!);

        Assert.All(LedgerJson.KnownKinds.Concat(nested), kind => Assert.Contains($"| `{kind}` |", _text, StringComparison.Ordinal));
    }

    [Fact]
    public void Document_SaysWhatTheChainCannotShow()
    {
        Assert.Contains(LedgerVerdict.CannotSee, _text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static bool HasPython()
    {
        try
        {
            return Run("python3", "-c", "import sqlite3").Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output) Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string Find(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, file)))
        {
            folder = folder.Parent ?? throw new FileNotFoundException(file);
        }

        return Path.Combine(folder.FullName, file);
    }

    private string Block(string language) => Regex.Match(_text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
}
