using System.CommandLine;
using System.Text.Json;
using Reconciler.Cli;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

/// <summary>What every verb of the table keeps to.</summary>
public sealed class VerbTableTests
{
    // A daemon, and texts for a shell: there is nothing in them for --json.
    private static readonly string[] Texts = ["run", "completion"];

    // A command line for each verb, as far as the fake daemon answers it.
    private static readonly Dictionary<string, string> Lines = new()
    {
        ["sync"] = "sync",
        ["status"] = "status",
        ["history"] = "history",
        ["show"] = "show 2",
        ["logs"] = "logs 2",
        ["plan"] = "plan",
        ["generations"] = "generations",
        ["rollback"] = "rollback --yes",
        ["suspend"] = "suspend racks",
        ["resume"] = "resume",
        ["pin"] = "pin abcd",
        ["unpin"] = "unpin",
        ["quarantine list"] = "quarantine list",
        ["quarantine release"] = "quarantine release abcd",
        ["ledger verify"] = "ledger verify",
        ["ledger export"] = "ledger export",
        ["check-config"] = "check-config /etc/reconciler/config.json",
        ["doctor"] = "doctor",
        ["init"] = "init FOLDER --host web1",
        ["version"] = "version",
    };

    public static TheoryData<string> Verbs => [.. Table().AndBelow().Where(verb => verb.Children.IsEmpty).Select(verb => verb.Path)];

    public static TheoryData<string> All => [.. Table().AndBelow().Select(verb => verb.Path).Where(path => path.Length > 0)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task EveryVerb_AnswersInJson(string verb)
    {
        if (Texts.Contains(verb))
        {
            return;
        }

        await using var control = new FakeControl();
        await control.StartAsync();
        using var folder = new TempFolder();

        var (code, output, error) = await RunAsync(control, $"{Lines[verb]} --json", folder);

        Assert.Equal((verb == "plan" ? ExitCode.WouldChange : ExitCode.Ok, ""), (code, error));
        Assert.All(output.TrimEnd('\n').Split('\n'), line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        GoldenText.Check($"json-{verb.Replace(' ', '-')}", output.Replace(folder.Path, "/root", StringComparison.Ordinal).Replace(control.Socket, "SOCKET", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task EveryVerbThatNeedsTheDaemon_SaysInJsonThatThereIsNone(string verb)
    {
        await using var control = new FakeControl();
        if (Texts.Concat(["ledger verify", "ledger export", "check-config", "doctor", "init", "version"]).Contains(verb))
        {
            return;
        }

        var (code, output, error) = await Commands.RunAsync(control, $"{Lines[verb]} --json");

        Assert.Equal((ExitCode.Unreachable, ""), (code, error));
        var trouble = JsonDocument.Parse(output).RootElement;
        Assert.Equal("unreachable", trouble.GetProperty("error").GetString());
        Assert.Equal($"The daemon is not running ({control.Socket} is not there).", trouble.GetProperty("cause").GetString());
        Assert.Equal("Start it with: systemctl start reconciler", trouble.GetProperty("cure").GetString());
        Assert.Equal(ExitCode.Unreachable, trouble.GetProperty("exitCode").GetInt32());
    }

    [Theory]
    [InlineData("frobnicate --json", ExitCode.Usage, "usage")]
    [InlineData("show --json", ExitCode.Usage, "usage")]
    [InlineData("show 77 --json", ExitCode.Failed, "failed")]
    [InlineData("unpin --json", ExitCode.Failed, "refused")]
    [InlineData("rollback --json", ExitCode.Usage, "usage")]
    [InlineData("plan --json", ExitCode.NoPlan, "noPlan")]
    [InlineData("ledger verify --json", ExitCode.LedgerBroken, "ledgerBroken")]
    public async Task Errors_AreJsonOnStandardOutput(string line, int code, string word)
    {
        await using var control = new FakeControl
        {
            Answer = new(false, "Nothing is pinned."),
            PlanAnswer = new Reconciler.Reconciling.PlanAnswer(A.Revision(), null, null, "it does not build"),
            Verdict = new LedgerVerdict(2, "abc", "entry 3 was changed"),
        };
        await control.StartAsync();

        var (exit, output, error) = await Commands.RunAsync(control, line);

        Assert.Equal((code, ""), (exit, error));
        var trouble = JsonDocument.Parse(output).RootElement;
        Assert.Equal((word, code), (trouble.GetProperty("error").GetString(), trouble.GetProperty("exitCode").GetInt32()));
        Assert.NotEqual("", trouble.GetProperty("cause").GetString());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Help_ReadsAsRecorded(string verb)
    {
        await using var control = new FakeControl();

        var (code, output, _) = await Commands.RunAsync(control, $"{verb} --help");

        Assert.Equal(0, code);
        GoldenText.Check($"help-{verb.Replace(' ', '-')}", output.Replace("Reconciler.Tests", "reconciler", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryVerb_IsInTheDocument()
    {
        var rows = File.ReadLines(Path.Combine(GoldenText.RepositoryRoot, "docs", "cli.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split(" | ")[0]).ToList();

        Assert.All(Verbs.Select(row => row.Data), verb => Assert.Contains(rows, row => row.Contains($"`{verb}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryNameInJson_IsInTheDocument()
    {
        var page = File.ReadAllText(Path.Combine(GoldenText.RepositoryRoot, "docs", "cli.md"));
        Type[] documents =
        [
            typeof(TroubleDocument), typeof(LogLineDocument), typeof(SyncDocument), typeof(CheckedConfigurationDocument), typeof(CheckedRemoteDocument),
            typeof(DoctorDocument), typeof(FindingDocument), typeof(VersionDocument), typeof(InitDocument),
        ];
        var names = documents.SelectMany(type => type.GetProperties()).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Distinct();

        Assert.All(names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryExitCode_IsInTheDocument()
    {
        var page = File.ReadAllText(Path.Combine(GoldenText.RepositoryRoot, "docs", "exit-codes.md"));
        var codes = typeof(ExitCode).GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static).Where(field => field.FieldType == typeof(int)).Select(field => (int)field.GetRawConstantValue()!).Distinct();

        Assert.All(codes, code => Assert.Contains($"\n| {code} |", page, StringComparison.Ordinal));
        Assert.All(codes, code => Assert.Contains($"\n  {code} ", ExitCode.Help, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(FakeControl control, string line, TempFolder folder) =>
        await Commands.RunAsync(control, line.Replace("FOLDER", folder.At("infra"), StringComparison.Ordinal));

    private static VerbEntry Table()
    {
        using var control = new StringWriter();
        return VerbEntry.Of(CommandLine.Build(Commands.Context(new FakeControl(), control, control)));
    }
}
