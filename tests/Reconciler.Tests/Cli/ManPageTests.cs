using Reconciler.Tests.Golden;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class ManPageTests
{
    private static readonly string Page = Path.Combine(GoldenText.RepositoryRoot, "docs", "man", "reconciler.1");

    [Fact]
    public async Task Page_IsMadeFromTheTable()
    {
        await using var control = new FakeControl();

        var (_, output, _) = await Commands.RunAsync(control, "man");

        GoldenText.CheckFile(Page, output.Replace("Reconciler 1.2.3", "Reconciler", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("groff", "-man", "-ww", "-Tutf8", "-z")]
    [InlineData("mandoc", "-Tlint", "-Wwarning")]
    public void Page_IsGoodTypesetting(string program, params string[] arguments)
    {
        Assert.SkipUnless(Programs.Has(program), $"{program} is not here.");

        var (code, output, error) = Programs.Run(program, [.. arguments, Page]);

        Assert.Equal((0, "", ""), (code, output, error));
    }
}
