using Reconciler.Cli;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class UsageErrorsTests
{
    [Theory]
    [InlineData("sttaus", "Unrecognized command or argument 'sttaus'.|Did you mean `reconciler status`?|See: reconciler --help")]
    [InlineData("status --jsn", "Unrecognized command or argument '--jsn'.|Did you mean --json?|See: reconciler status --help")]
    [InlineData("quarantine lst", "Unrecognized command or argument 'lst'.|Did you mean `reconciler quarantine list`?|See: reconciler quarantine --help")]
    [InlineData("status --confg x", "Unrecognized command or argument '--confg'.|Unrecognized command or argument 'x'.|Did you mean --config?|See: reconciler status --help")]
    [InlineData("frobnicate", "Unrecognized command or argument 'frobnicate'.|See: reconciler --help")]
    [InlineData("__compete", "Unrecognized command or argument '__compete'.|See: reconciler --help")]
    public async Task Mistakes_AreNamedWithWhatWasMeant(string line, string said)
    {
        await using var control = new FakeControl();

        var (code, output, error) = await Commands.RunAsync(control, line);

        Assert.Equal((ExitCode.Usage, "", said.Replace('|', '\n') + "\n"), (code, output, error));
    }
}
