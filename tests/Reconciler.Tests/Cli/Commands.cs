using System.Text;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Cli;
using Reconciler.Configuration;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

/// <summary>Runs command lines as the program would.</summary>
internal static class Commands
{
    /// <summary>A terminal that can do everything.</summary>
    public static TerminalTraits Terminal { get; } = new(true, false, 80, true);

    public static async Task<(int Code, string Output, string Error)> RunAsync(FakeControl control, string line, TerminalTraits? terminal = null)
    {
        var output = new StringWriter(new StringBuilder()) { NewLine = "\n" };
        var error = new StringWriter(new StringBuilder()) { NewLine = "\n" };
        var context = Context(control, output, error) with { Terminal = terminal ?? TerminalTraits.None };
        var code = await CommandLine.InvokeAsync(line.Split(' '), context, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    public static CommandContext Context(FakeControl control, TextWriter output, TextWriter error) => new()
    {
        Run = (_, _) => Task.FromResult(0),
        LoadConfiguration = _ => ConfigurationParser.Parse(
            Encoding.UTF8.GetBytes("""{"repository": {"url": "/srv/fleet.git"}, "control": {"socket": "SOCKET"}}""".Replace("SOCKET", control.Socket, StringComparison.Ordinal)), "web1"),
        OpenLedger = _ => new OfflineLedger(control, writer => writer.Write("{}\n"), () => { }),
        CheckMirror = _ => Task.FromResult(new MirrorVerdict("/var/lib/reconciler/mirror.git", true, null)),
        ExamineForge = _ => Task.FromResult<IReadOnlyList<Reconciler.Ports.ForgeFinding>>([]),
        Machine = new FakeDoctorMachine(),
        InitMachine = new FakeInitMachine(),
        Output = output,
        Error = error,
        Input = TextReader.Null,
        Clock = new FakeTimeProvider(A.Start.AddMinutes(10)),
        Terminal = TerminalTraits.None,
        Version = "1.2.3",
    };
}
