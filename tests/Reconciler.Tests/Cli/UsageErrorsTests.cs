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
    [InlineData("--config x", "Say what to do, such as `reconciler status`.|See: reconciler --help")]
    [InlineData("quarantine", "`reconciler quarantine` needs one word more: list or release.|See: reconciler quarantine --help")]
    [InlineData("quarantine foo", "Unrecognized command or argument 'foo'.|See: reconciler quarantine --help")]
    [InlineData("show", "`reconciler show` needs a <deployment>. Its number, as in history.|See: reconciler show --help")]
    [InlineData("show abc", "'abc' is not the number of a deployment; `reconciler history` shows them.|See: reconciler show --help")]
    [InlineData("show 0", "'0' is not the number of a deployment; `reconciler history` shows them.|See: reconciler show --help")]
    [InlineData("logs 9223372036854775808", "'9223372036854775808' is not the number of a deployment; `reconciler history` shows them.|See: reconciler logs --help")]
    [InlineData("rollback 2147483648", "'2147483648' is not the number of a generation; `reconciler generations` shows them.|See: reconciler rollback --help")]
    [InlineData("__compete", "Unrecognized command or argument '__compete'.|See: reconciler --help")]
    public async Task Mistakes_AreNamedWithWhatWasMeant(string line, string said)
    {
        await using var control = new FakeControl();

        var (code, output, error) = await Commands.RunAsync(control, line);

        Assert.Equal((ExitCode.Usage, "", said.Replace('|', '\n') + "\n"), (code, output, error));
    }
}
