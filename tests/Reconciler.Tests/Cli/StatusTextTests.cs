using Reconciler.Cli;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Web;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class StatusTextTests
{
    private static readonly Failure Sick = new Failure.Unhealthy([A.ProbeResult(passed: false, units: "nginx.service")]);

    private static readonly Failure NoSpace = new Failure.NotEnoughSpace("/nix/store", 1L << 30, 200L << 20);

    private static readonly LedgerEvent Mended = new LedgerEvent.StoreMended(3, 7, ["/nix/store/x-glibc"]);

    private static readonly Dictionary<string, HostStatus> States = new()
    {
        ["empty"] = Status(),
        ["up-to-date"] = Status(Confirmed(), new HoldReason.UpToDate(A.Revision(), BranchKind.Main), "new"),
        ["forge-told"] = Status(Confirmed(), new HoldReason.UpToDate(A.Revision(), BranchKind.Main), "new") with
        {
            Forge = new ForgeStatus("GitHub", OutboxState.Empty with { SentAt = A.Start.AddMinutes(9) }),
            Push = new PushStatus("127.0.0.1:9180", A.Start.AddMinutes(8), null, 4, 0, null),
        },
        ["forge-down"] = Status(Confirmed(), new HoldReason.UpToDate(A.Revision(), BranchKind.Main), "new") with
        {
            Forge = new ForgeStatus("GitHub", new OutboxState(3, A.Start, "api.github.com does not answer: connection refused", null, 0, null, A.Start.AddMinutes(15))),
            Push = new PushStatus("127.0.0.1:9180", null, null, 0, 0, "the address is in use by another program."),
        },
        ["building"] = Status(A.Begun()) is var building ? building with { Step = new HostStep.Build(building.History.Latest!, A.Revision()), StepSince = A.Start } : null!,
        ["on-trial"] = Status(A.Tried(), new HoldReason.AwaitingHealth(A.Start.AddMinutes(6), A.Start.AddMinutes(10), []), "new") with
        {
            Rounds = [A.Round(310, A.ProbeResult("ssh"), A.ProbeResult()), A.Round(315, A.ProbeResult("ssh"), A.ProbeResult())],
        },
        ["on-trial-failing"] = Status(A.Tried(), new HoldReason.AwaitingHealth(A.Start.AddMinutes(6), A.Start.AddMinutes(10), [A.ProbeResult(passed: false)]), "new") with
        {
            Rounds = [A.Round(310, A.ProbeResult("ssh"), A.ProbeResult(passed: false), A.ProbeResult("dns", passed: false, required: false))],
        },
        ["rolled-back"] = Status([.. A.Tried(), new LedgerEvent.RollbackBegan(Sick, JournalExcerpt.None), new LedgerEvent.RolledBack()], new HoldReason.Quarantined(A.Revision(), Sick, new DeploymentId(2)), "old"),
        ["confirming"] = Status([.. A.Tried(), new LedgerEvent.ConfirmBegan([A.ProbeResult()])], null, "new") is var confirming
            ? confirming with { Step = new HostStep.Confirm(confirming.History.Latest!, A.Toplevel("new"), []), StepSince = A.Start.AddMinutes(9) } : null!,
        ["rolling-back"] = Status([.. A.Tried(), new LedgerEvent.RollbackBegan(Sick, JournalExcerpt.None)], null, "new") is var back
            ? back with { Step = new HostStep.RollBack(back.History.Latest!, A.Toplevel("old"), Sick), StepSince = A.Start.AddMinutes(9) } : null!,
        ["backing-off"] = Status(
            [.. A.Begun(), new LedgerEvent.AttemptPostponed(NoSpace, A.Start.AddMinutes(14))], new HoldReason.BackingOff(NoSpace, 1, A.Start.AddMinutes(14)), "old"),
        ["suspended"] = Status([.. Confirmed(), new LedgerEvent.Suspended("moving racks")], new HoldReason.Suspended(A.Start, Actor.Operator("anna"), "moving racks"), "new"),
        ["needs-operator"] = Status(
            [.. A.Tried(), new LedgerEvent.RollbackBegan(Sick, JournalExcerpt.None), new LedgerEvent.RollbackFailed("the activation hangs")],
            new HoldReason.NeedsOperator(new DeploymentId(2), A.Toplevel("old"), Sick, "the activation hangs", null),
            "new"),
        ["store-mended"] = Status([.. Confirmed(), Mended], new HoldReason.UpToDate(A.Revision(), BranchKind.Main), "new"),
        ["store-damaged"] = Status(
            Confirmed(), new HoldReason.StoreDamaged(new StoreDamage([$"{A.Toplevel("new")}/etc"], 3, OfSystem: true), A.Start.AddMinutes(14)), "new"),
        ["drifted-reboot"] = Status(
            [.. Confirmed(), new LedgerEvent.DriftFound(A.Toplevel("new"), A.Toplevel("other"))], new HoldReason.Drifted(A.Toplevel("new"), A.Toplevel("other"), null, null) { TakesReboot = true }, "other"),
        ["drifted"] = Status([.. Confirmed(), new LedgerEvent.DriftFound(A.Toplevel("new"), A.Toplevel("other"))], new HoldReason.Drifted(A.Toplevel("new"), A.Toplevel("other"), null, null), "other"),
        ["unreachable"] = Status([A.Begun()[0]], new HoldReason.RepositoryUnreachable("origin", "connection refused"), "old") with
        {
            Git = new GitView([A.Remote(trouble: "connection refused") with { ReachedAt = null }]),
        },
        ["ledger-broken"] = Status() with { Trouble = "the ledger cannot be understood: entry 7 follows entry 5" },
    };

    public static TheoryData<string> Names => [.. States.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Page_ReadsAsRecorded(string name)
    {
        var page = StatusText.Of(StatusDocument.Of(States[name], "1.2.3"), A.Start.AddMinutes(10)).Draw(80);

        Assert.True(page.Split('\n').Length <= 24);
        Assert.All(page.Split('\n'), line => Assert.True(line.Length <= 80 || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
        GoldenText.Check($"status-{name}", page);
    }

    [Fact]
    public void Page_HoldsNoControlCharacters_WhateverComesFromOutside()
    {
        var status = States["unreachable"] with { Trouble = "\e]0;owned\a \u202Egpj.exe" };

        var page = StatusText.Of(StatusDocument.Of(status, "1.2.3"), A.Start).Draw(80);

        Assert.DoesNotContain(page, c => (char.IsControl(c) && c != '\n') || c == '\u202E');
    }

    private static LedgerEvent[] Confirmed() => [.. A.Tried(), new LedgerEvent.ConfirmBegan([A.ProbeResult()]), new LedgerEvent.Confirmed(A.Toplevel("new"), 41, true)];

    private static HostStatus Status(LedgerEvent[]? facts = null, HoldReason? hold = null, string? running = null) => new()
    {
        Host = new HostName("web1"),
        At = A.Start.AddMinutes(10),
        Started = A.Start.AddDays(-1),
        History = facts is null ? HostHistory.Empty : A.History(facts),
        Machine = running is null ? null : A.HostState(running, facts?.OfType<LedgerEvent.Confirmed>().Any() is true ? "new" : "old"),
        Git = facts is null ? GitView.Nothing : new GitView([A.Remote(main: "r1")]),
        Selection = facts is null ? null : new Selection.Wanted(A.Candidate()),
        Step = hold is null ? null : new HostStep.Hold(hold),
        StepSince = hold is null ? null : A.Start,
        DecidedAt = hold is null ? null : A.Start,
    };
}
