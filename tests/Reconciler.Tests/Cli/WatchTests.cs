using Microsoft.Extensions.Time.Testing;
using Reconciler.Cli;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class WatchTests : IAsyncDisposable
{
    private readonly FakeControl _control = new();
    private readonly FakeTimeProvider _clock = new(A.Start.AddMinutes(10));
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private static HostStatus Suspended(HostStatus status) => status with
    {
        Step = new HostStep.Hold(new HoldReason.Suspended(A.Start, Actor.Operator("anna"), "moving racks")),
    };

    [Fact]
    public async Task StatusWatch_OnATerminal_DrawsEachSecondAndLeavesTheLastFrame()
    {
        _control.Current = _control.Current with { Git = new GitView([new RemoteView("origin", A.Revision(), null, null, A.Start)]) };
        await _control.StartAsync();
        var screen = new Screen();

        var watching = RunAsync("status --watch", screen, Commands.Terminal);
        await screen.UntilAsync("read 10 m ago");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await screen.UntilAsync("read 11 m ago");
        await _stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await watching);
        var last = screen.All[screen.All.LastIndexOf("read 11 m ago", StringComparison.Ordinal)..];
        Assert.DoesNotContain("\e[2J", screen.All, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2K", last, StringComparison.Ordinal); // nothing is taken back
        Assert.EndsWith("\e[?25h", last, StringComparison.Ordinal); // the cursor is there again
    }

    [Fact]
    public async Task StatusWatch_OnATerminal_DrawsChanges()
    {
        _control.Next.Enqueue(Suspended(_control.Current));
        await _control.StartAsync();
        var screen = new Screen();

        var watching = RunAsync("status --watch", screen, Commands.Terminal);
        await screen.UntilAsync("moving racks");
        await _stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await watching);
    }

    [Fact]
    public async Task StatusWatch_WithoutATerminal_SaysALineAChange()
    {
        _control.Next.Enqueue(_control.Current with { Git = new GitView([new RemoteView("origin", A.Revision(), null, null, A.Start)]) });
        _control.Next.Enqueue(Suspended(_control.Current));
        await _control.StartAsync();
        var screen = new Screen();

        var watching = RunAsync("status --watch", screen, TerminalTraits.None);
        await screen.UntilAsync("resume`.\n");
        await _stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await watching);
        Assert.Equal(
            """
            2026-03-03 12:00:00Z  web1: up to date: up to date at 82f3e9c
            2026-03-03 12:00:00Z  web1: suspended: suspended by anna since 2026-03-03 12:00:00Z: moving racks → Let deployments go on with `reconciler resume`.

            """,
            screen.All);
    }

    [Fact]
    public async Task HistoryWatch_WithoutATerminal_SaysOnlyWhatIsNew()
    {
        _control.Next.Enqueue(Suspended(_control.Current));
        await _control.StartAsync();
        var screen = new Screen();

        var watching = RunAsync("history --watch", screen, TerminalTraits.None);
        await screen.UntilAsync("on trial\n");
        await _stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await watching);
        Assert.Equal("2026-03-03 12:05:00Z  deployment 2 of 82f3e9c: on trial\n", screen.All);
    }

    [Fact]
    public async Task HistoryWatch_OnATerminal_Draws()
    {
        await _control.StartAsync();
        var screen = new Screen();

        var watching = RunAsync("history --watch", screen, Commands.Terminal);
        await screen.UntilAsync("on trial");
        await _stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await watching);
    }

    [Fact]
    public async Task Watch_OfADumbTerminal_SaysLines()
    {
        await _control.StartAsync();
        var screen = new Screen();

        var watching = RunAsync("status --watch", screen, Commands.Terminal with { HasAnsi = false, HasColour = false });
        await screen.UntilAsync("82f3e9c\n");
        await _stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await watching);
        Assert.DoesNotContain('\e', screen.All);
    }

    [Fact]
    public async Task Watch_GoesOnAfterARestartOfTheDaemon()
    {
        await _control.StartAsync();
        var screen = new Screen();
        var watching = RunAsync("status --watch", screen, TerminalTraits.None);
        await screen.UntilAsync("82f3e9c\n");

        await _control.StopAsync();
        _control.Current = Suspended(_control.Current);
        await _control.StartAsync();
        await UntilSeenAsync(screen, "moving racks");
        await _stop.CancelAsync();

        Assert.Equal(ExitCode.Ok, await watching);
    }

    [Fact]
    public async Task Watch_OfADaemonThatStaysAway_EndsWithTheReason()
    {
        await _control.StartAsync();
        var screen = new Screen();
        var error = new Screen();
        var watching = RunAsync("status --watch", screen, TerminalTraits.None, error);
        await screen.UntilAsync("82f3e9c\n");

        await _control.StopAsync();
        while (!watching.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(ExitCode.Unreachable, await watching);
        Assert.Contains("The daemon", error.All, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        await _control.DisposeAsync();
    }

    // The follower waits a second on its clock between two attempts.
    private async Task UntilSeenAsync(Screen screen, string text)
    {
        var seen = screen.UntilAsync(text);
        while (!seen.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await seen;
    }

    private Task<int> RunAsync(string line, Screen screen, TerminalTraits terminal, TextWriter? error = null) => CommandLine.InvokeAsync(
        line.Split(' '), Commands.Context(_control, screen, error ?? TextWriter.Null) with { Clock = _clock, Terminal = terminal }, _stop.Token);
}
