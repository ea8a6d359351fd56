using Reconciler.Adapters.Forge;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("\u001b[31mred\u001b[0m text", "red text")] // colours are no part of what is kept, so that nothing was cut away
    [InlineData("  a \n\t b\u0000c ", "a bc")]
    [InlineData("a \u200B b", "a b")]
    [InlineData("123456789", "123456789")]
    [InlineData("1234567890a", "123456789…")]
    [InlineData(null, "")]
    public void Line_IsOneCleanLine_AndMarkedOnlyWhereItIsCut(string? text, string expected) => Assert.Equal(expected, PlainText.Line(text, 10));

    [Fact]
    public void Line_OfAnEndlessTextOfNothing_IsMarkedAsCut() => Assert.Equal("ab…", PlainText.Line("ab" + new string('\u200B', 100_000) + "c", 10));

    [Fact]
    public void LastLines_KeepTheirSpacing_AndLoseWhatIsEmpty() =>
        Assert.Equal(["  b", "\u2026"], PlainText.LastLines(["a", "  b  \n\u001b[0m", "\u2026"], 2, 20));
}
