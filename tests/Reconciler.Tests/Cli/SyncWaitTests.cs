using Microsoft.Extensions.Time.Testing;
using Reconciler.Cli;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class SyncWaitTests : IAsyncDisposable
{
    private static readonly Failure Sick = new Failure.Unhealthy([A.ProbeResult(passed: false)]);
    private static readonly DateTimeOffset Looked = A.Start.AddMinutes(8);

    private readonly FakeControl _control = new() { Answer = new(true, "Looked at origin.") };
    private readonly FakeTimeProvider _clock = new(A.Start.AddMinutes(10));

    private static HostStatus Before { get; } = new()
    {
        Host = new HostName("web1"),
        At = A.Start,
        Started = A.Start.AddHours(-1),
        History = HostHistory.Empty,
        Git = new GitView([new RemoteView("origin", A.Revision(), null, null, Looked)]),
        Step = new HostStep.Hold(new HoldReason.UpToDate(A.Revision("r0"), BranchKind.Main)),
        DecidedAt = Looked.AddMinutes(-1),
    };

    public static TheoryData<string, int, string> Outcomes => new()
    {
        { "confirmed", ExitCode.Ok, "confirmed as generation 41" },
        { "failed", ExitCode.DeploymentFailed, "failed: " },
        { "rolledBack", ExitCode.RolledBack, "rolled back: " },
        { "needsOperator", ExitCode.NeedsOperator, "needs an operator" },
        { "held", ExitCode.Held, "suspended by anna" },
        { "nothingNew", ExitCode.Ok, "nothing new: up to date at 82f3e9c" },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task SyncWait_ExitsByTheOutcome(string outcome, int code, string said)
    {
        Follow(outcome);
        await _control.StartAsync();

        var (exit, output, error) = await Commands.RunAsync(_control, "sync --wait");

        Assert.Equal((code, ""), (exit, error));
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.StartsWith("Looked at origin.\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task SyncWait_InJson_IsOneDocument(string outcome, int code, string said)
    {
        Follow(outcome);
        await _control.StartAsync();

        var (exit, output, _) = await Commands.RunAsync(_control, "sync --wait --json");

        Assert.Equal(code, exit);
        var document = System.Text.Json.JsonDocument.Parse(output).RootElement;
        Assert.Equal(outcome, document.GetProperty("outcome").GetString());
        Assert.Contains(said, document.GetProperty("cause").GetString(), StringComparison.Ordinal);
        Assert.Equal(outcome is "nothingNew" or "held", document.GetProperty("deployment").ValueKind == System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task SyncWait_WithoutATerminal_SaysEachPhaseOnce()
    {
        Follow("rolledBack");
        await _control.StartAsync();

        GoldenText.Check("sync-wait-rolled-back", (await Commands.RunAsync(_control, "sync --wait")).Output);
    }

    [Fact]
    public async Task SyncWait_OnATerminal_DrawsPhasesAndTheEnd()
    {
        Follow("rolledBack");
        await _control.StartAsync();

        var (code, output, _) = await Commands.RunAsync(_control, "sync --wait", Commands.Terminal);

        Assert.Equal(ExitCode.RolledBack, code);
        var last = Screen.Unpainted(output[output.LastIndexOf("web1: deployment", StringComparison.Ordinal)..]);
        Assert.Contains("building 82f3e9c", last, StringComparison.Ordinal);
        Assert.Contains("rolled back: ", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SyncWait_OutOfTime_SaysWhereItWas()
    {
        _control.Current = Before;
        _control.Next.Enqueue(Building());
        await _control.StartAsync();
        var screen = new Screen();
        var context = Commands.Context(_control, screen, TextWriter.Null) with { Clock = _clock };

        var waiting = CommandLine.InvokeAsync(["sync", "--timeout", "5m"], context, TestContext.Current.CancellationToken);
        await screen.UntilAsync("building 82f3e9c\n");
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(ExitCode.TimedOut, await waiting);
        Assert.Contains("no end within 5m; the last seen: building 82f3e9c", screen.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SyncWait_ThatIsRefused_DoesNotWait()
    {
        _control.Answer = new(false, "No remote answers.");
        await _control.StartAsync();

        Assert.Equal((ExitCode.Failed, "", "No remote answers.\n"), await Commands.RunAsync(_control, "sync --wait"));
    }

    [Theory]
    [InlineData("sync --timeout 5")]
    [InlineData("sync --timeout soon")]
    [InlineData("sync --timeout 0s")]
    public async Task Timeout_ThatIsNone_IsRefused(string line)
    {
        var (code, _, error) = await Commands.RunAsync(_control, line);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--timeout must be", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_OfADeploymentThatGaveWay_FollowsTheNext()
    {
        var begun = A.Begun();
        var following = new SyncFollowing(Summary(begun), Looked);
        LedgerEvent[] gaveWay = [.. begun, new LedgerEvent.DeploymentSuperseded(A.Revision("r2"))];

        Assert.Null(following.Judge(Document(Decided(gaveWay, new HostStep.Select(A.Candidate("r2"), A.Toplevel("old"))))));
    }

    [Fact]
    public void Judge_OfWhatEndedBeforeTheLook_IsNothingNew()
    {
        var following = new SyncFollowing(Summary(Confirmed()), Looked);

        var verdict = following.Judge(Document(Decided(Confirmed(), new HostStep.Hold(new HoldReason.UpToDate(A.Revision(), BranchKind.Main)))));

        Assert.Equal("nothingNew", verdict?.Document.Outcome);
    }

    public async ValueTask DisposeAsync() => await _control.DisposeAsync();

    private static LedgerEvent[] Confirmed() => [.. A.Tried(), new LedgerEvent.ConfirmBegan([A.ProbeResult()]), new LedgerEvent.Confirmed(A.Toplevel("new"), 41, true)];

    private static Reconciler.Wire.StatusDocument Document(HostStatus status) => Reconciler.Wire.StatusDocument.Of(status, "1.2.3");

    private static Reconciler.Wire.DeploymentSummary Summary(LedgerEvent[] facts) => Reconciler.Wire.DeploymentSummary.Of(A.History(facts).Latest!);

    private static HostStatus Decided(LedgerEvent[] facts, HostStep step) => Before with { History = A.History(facts), Step = step, DecidedAt = Looked.AddSeconds(1) };

    private static HostStatus Building() => Decided(A.Begun(), new HostStep.Build(A.History(A.Begun()).Latest!, A.Revision()));

    // A look, the phases that follow, and the end.
    private void Follow(string outcome)
    {
        _control.Current = Before;
        if (outcome is "nothingNew" or "held")
        {
            _control.Next.Enqueue(Decided([], new HostStep.Hold(outcome == "held"
                ? new HoldReason.Suspended(A.Start, Actor.Operator("anna"), "")
                : new HoldReason.UpToDate(A.Revision(), BranchKind.Main))));
            return;
        }

        var probe = new HostStep.Hold(new HoldReason.AwaitingHealth(A.Start.AddMinutes(6), A.Start.AddMinutes(10), []));
        _control.Next.Enqueue(Building());
        if (outcome != "failed")
        {
            _control.Next.Enqueue(Decided(A.Tried(), probe));
            _control.Next.Enqueue(Decided(A.Tried(), new HostStep.Probe(A.History(A.Tried()).Latest!)));
            _control.Next.Enqueue(Decided(A.Tried(), probe));
        }

        LedgerEvent[] facts = outcome switch
        {
            "confirmed" => Confirmed(),
            "failed" => [.. A.Begun(), new LedgerEvent.DeploymentFailed(new Failure.EvaluationFailed("error: undefined variable 'treu'"))],
            "rolledBack" => [.. A.Tried(), new LedgerEvent.RollbackBegan(Sick, JournalExcerpt.None), new LedgerEvent.RolledBack()],
            _ => [.. A.Tried(), new LedgerEvent.RollbackBegan(Sick, JournalExcerpt.None), new LedgerEvent.RollbackFailed("the activation hangs")],
        };
        _control.Next.Enqueue(Decided(facts, new HostStep.Tell(A.History(facts).Latest!)));
    }
}
