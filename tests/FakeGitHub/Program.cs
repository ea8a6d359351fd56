using System.Net;
using FakeGitHub;

var options = CommandLine.Read(args, out var problem);
if (options is null)
{
    await Console.Error.WriteLineAsync($"FakeGitHub: {problem}\n{CommandLine.Usage}");
    return 2;
}

var server = await FakeGitHubServer.StartAsync(new FakeGitHubOptions(options.Root) { Listen = options.Listen });
var end = new TaskCompletionSource();
using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, Stop);
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, Stop);
await using (server)
{
    await options.PrepareAsync(server);
    Console.WriteLine(server.Address);
    await end.Task;
    foreach (var violation in server.Violations)
    {
        Console.WriteLine(violation);
    }
}

return 0;

void Stop(System.Runtime.InteropServices.PosixSignalContext context)
{
    context.Cancel = true;
    end.TrySetResult();
}
