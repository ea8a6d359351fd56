using System.Runtime.InteropServices;
using Reconciler.Adapters.Processes;
using Reconciler.Cli;
using Reconciler.Composition;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return await CommandLine.InvokeAsync(
    args,
    new CommandContext
    {
        Run = Daemon.RunAsync,
        LoadConfiguration = ConfigurationFile.Load,
        OpenLedger = Daemon.OpenLedger,
        CheckMirror = configuration => Daemon.CheckMirrorAsync(configuration, stop.Token),
        ExamineForge = configuration => Forges.ExamineAsync(configuration, stop.Token),
        Machine = new DoctorMachine(),
        InitMachine = new InitMachine(new ProcessRunner(TimeProvider.System)),
        Output = Console.Out,
        Error = Console.Error,
        Input = Console.In,
        Clock = TimeProvider.System,
        Terminal = TerminalTraits.OfThisProcess(),
        Version = ProgramVersion.Text,
    },
    stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
