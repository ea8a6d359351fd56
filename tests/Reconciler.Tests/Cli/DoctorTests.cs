using System.Text;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Cli;
using Reconciler.Configuration;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class DoctorTests
{
    private string _settings = """{"repository": {"url": "/srv/fleet.git"}}""";
    private StatusDocument? _status;
    private readonly Machine _machine = new();
    private readonly FakeTimeProvider _clock = new(A.Start);
    private ForgeFinding[] _forge = [];
    private MirrorVerdict _mirror = new("/var/lib/reconciler/mirror.git", true, null);
    private Func<OfflineLedger> _ledger = () => Open(new FakeLedger(new FakeTimeProvider(A.Start)));

    [Fact]
    public async Task Examine_OfASoundHost_FindsNothingToMend()
    {
        var findings = await ExamineAsync();

        Assert.All(findings.Where(finding => finding.What is not "daemon"), finding => Assert.True(finding.Health == Health.Ok, finding.ToString()));
    }

    [Fact]
    public async Task Configuration_ThatCannotBeUsed_IsToldErrorByError()
    {
        _settings = """{"repository": {"urll": "/srv/fleet.git"}, "foo": 1}""";

        var findings = (await ExamineAsync()).Where(finding => finding.What == "configuration").ToList();

        Assert.Equal(3, findings.Count);
        Assert.All(findings, finding => Assert.Equal(Health.Fail, finding.Health));
        Assert.Contains(findings, finding => finding.Seen.EndsWith("$.repository.urll: is not a known setting; did you mean \"url\"?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, Health.Ok)]
    [InlineData(false, Health.Warn)]
    [InlineData(null, Health.Ok)]
    public async Task Clock_IsJudgedByWhetherItIsKeptInStep(bool? isKept, object expected)
    {
        _machine.IsInStep = isKept;

        Assert.Equal(expected, (await FindAsync("clock")).Health);
    }

    [Theory]
    [InlineData(-10, Health.Warn)]
    [InlineData(0, Health.Ok)]
    [InlineData(10, Health.Ok)]
    public async Task Clock_BeforeTheNewestEntry_IsToldOf(int minutesLater, object expected)
    {
        var ledger = new FakeLedger(new FakeTimeProvider(A.Start));
        ledger.Append(A.Tried()[0], Actor.Daemon);
        _ledger = () => Open(ledger);
        _clock.AdjustTime(A.Start.AddMinutes(minutesLater));

        Assert.Equal(expected, (await FindAsync("clock")).Health);
    }

    public static TheoryData<string, object, string> Troubles => new()
    {
        { "missing", Health.Warn, "made when the daemon first starts" },
        { "forbidden", Health.Warn, "as root" },
        { "unavailable", Health.Fail, "Put that right" },
        { "damaged", Health.Fail, "Keep the file" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Ledger_TellsMissingFromForbiddenFromDamaged(string trouble, object expected, string cure)
    {
        _ledger = () => throw (trouble switch
        {
            "missing" => new LedgerMissingException(trouble),
            "forbidden" => new LedgerForbiddenException(trouble),
            "unavailable" => new LedgerUnavailableException(trouble),
            _ => new InvalidLedgerException(trouble),
        });

        var finding = await FindAsync("ledger");

        Assert.Equal(expected, finding.Health);
        Assert.Equal(trouble, finding.Seen);
        Assert.Contains(cure, finding.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null, Health.Ok)]
    [InlineData(false, null, Health.Warn)]
    [InlineData(true, "git fsck: missing blob 12", Health.Fail)]
    public async Task Mirror_IsLookedAt(bool isThere, string? fault, object expected)
    {
        _mirror = _mirror with { IsThere = isThere, Fault = fault };

        var finding = await FindAsync("mirror");

        Assert.Equal(expected, finding.Health);
        Assert.Contains(fault ?? _mirror.Path, finding.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_ThatAreMissing_AreNamed()
    {
        _machine.Missing = "git";

        Assert.Equal(Health.Fail, (await FindAsync("git")).Health);
    }

    [Fact]
    public async Task Forge_SaysWhatItFound()
    {
        _forge = [new("GitHub: setting statuses", false, "the token may not", "Give it 'Commit statuses: write'."), new("GitHub: webhook", true, "delivered", "")];

        var refused = await FindAsync("GitHub: setting statuses");

        Assert.Equal((Health.Fail, "Give it 'Commit statuses: write'."), (refused.Health, refused.Cure));
        Assert.Equal(Health.Ok, (await FindAsync("GitHub: webhook")).Health);
    }

    [Theory]
    [InlineData("127.0.0.1:9181", null, Health.Ok, "")]
    [InlineData("unix:/run/reconciler/page.sock", null, Health.Ok, "")]
    [InlineData("0.0.0.0:9181", null, Health.Warn, "It shows build logs")]
    [InlineData("127.0.0.1:9181", "the address is in use", Health.Fail, "Free the address")]
    public async Task Page_IsExamined(string listen, string? trouble, object health, string cure)
    {
        _settings = $$"""{"repository": {"url": "/srv/fleet.git"}, "page": {"listen": "{{listen}}"} }""";
        _status = StatusDocument.Of(Status with { Page = new PageStatus(listen, trouble) }, "1.2.3");

        var page = await FindAsync("page");

        Assert.Equal((Health)health, page.Health);
        Assert.StartsWith(cure, page.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_ThatTheDaemonDoesNotKnowOf_WantsARestart()
    {
        _settings = """{"repository": {"url": "/srv/fleet.git"}, "page": {"listen": "127.0.0.1:9181"}}""";
        _status = StatusDocument.Of(Status, "1.2.3");

        Assert.Contains("Restart", (await FindAsync("page")).Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void ThisMachine_KnowsItsClock() => Assert.NotNull(new DoctorMachine().IsClockSynchronized());

    private static HostStatus Status => new() { Host = new HostName("web1"), At = A.Start, Started = A.Start, History = HostHistory.Empty };

    private static OfflineLedger Open(FakeLedger ledger) => new(ledger, _ => { }, () => { });

    private async Task<Finding> FindAsync(string what) => Assert.Single(await ExamineAsync(), finding => finding.What == what);

    private Task<IReadOnlyList<Finding>> ExamineAsync() => Doctor.ExamineAsync(
        new CommandContext
        {
            Run = (_, _) => Task.FromResult(0),
            LoadConfiguration = _ => ConfigurationParser.Parse(Encoding.UTF8.GetBytes(_settings), "web1"),
            OpenLedger = _ => _ledger(),
            CheckMirror = _ => Task.FromResult(_mirror),
            ExamineForge = _ => Task.FromResult<IReadOnlyList<ForgeFinding>>(_forge),
            Machine = _machine,
            InitMachine = new FakeInitMachine(),
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Input = TextReader.Null,
            Clock = _clock,
            Terminal = TerminalTraits.None,
            Version = "1.2.3",
        },
        "/etc/reconciler/config.json",
        _ => _status is { } status ? Task.FromResult(status) : throw new ControlException(ExitCode.Unreachable, "not running"));

    private sealed class Machine : IDoctorMachine
    {
        public bool? IsInStep { get; set; } = true;

        public string? Missing { get; set; }

        public string? FindProgram(string name) => name == Missing ? null : $"/bin/{name}";

        public long? FreeBytes(string path) => 1L << 40;

        public string? DirectoryTrouble(string path) => null;

        public string? SecretTrouble(string path) => null;

        public bool? IsClockSynchronized() => IsInStep;
    }
}
