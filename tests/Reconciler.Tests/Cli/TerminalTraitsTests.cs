using Reconciler.Cli;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class TerminalTraitsTests
{
    [Theory]
    [InlineData("TERM=xterm LANG=de_DE.UTF-8", true, true, true)]
    [InlineData("TERM=xterm LANG=C.utf8", true, true, true)]
    [InlineData("TERM=xterm LANG=de_DE.UTF-8 NO_COLOR=1", true, false, true)]
    [InlineData("TERM=dumb LANG=C.UTF-8", false, false, true)]
    [InlineData("LANG=C.UTF-8", false, false, true)]
    [InlineData("TERM=xterm", true, true, false)]
    [InlineData("TERM=xterm LANG=de_DE.ISO-8859-1", true, true, false)]
    [InlineData("TERM=xterm LC_ALL=C LANG=de_DE.UTF-8", true, true, false)]
    [InlineData("TERM=xterm LC_CTYPE=C.UTF-8 LANG=C", true, true, true)]
    public void Traits_FollowTheEnvironment(string environment, bool hasAnsi, bool hasColour, bool isUnicode)
    {
        var variables = environment.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        var traits = TerminalTraits.Of(true, true, variables.GetValueOrDefault, () => (100, 30));

        Assert.Equal((hasAnsi, hasColour, isUnicode, 100), (traits.HasAnsi, traits.HasColour, traits.IsUnicode, traits.Width));
    }

    [Fact]
    public void Traits_WithoutATerminal_AreThoseOfPlainText()
    {
        var traits = TerminalTraits.Of(false, false, name => name == "TERM" ? "xterm" : null, () => throw new InvalidOperationException("There is nothing to measure."));

        Assert.Equal((false, false, 80), (traits.HasAnsi, traits.HasColour, traits.Width));
    }

    [Fact]
    public void AsciiWriter_KeepsTheColumns()
    {
        using var inner = new StringWriter();
        using var writer = new AsciiWriter(inner);

        writer.Write("→ ‹a› … é ─┼│ 🙂 日 \u001b[1m");

        Assert.Equal("> <a> ~ ? -+| ? ? \u001b[1m", inner.ToString());
    }
}
