using Reconciler.Cli;
using Reconciler.Cli.Drawing;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class TerminalDrawingTests
{
    private const string Hostile = "[red]x[/] [[ ]] \e]0;owned\a\u009b31m \u202Egpj.exe [link=http://evil]y[/]";

    private static readonly string[] Lines = ["status", "history", "show 2", "plan", "generations", "quarantine list", "doctor"];

    public static TheoryData<string> Pages => [.. Lines];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Pages_OnATerminal_ReadAsRecorded(string line)
    {
        var output = await DrawAsync(line, Commands.Terminal);

        GoldenText.Check($"terminal-{line.Replace(' ', '-')}", output.Replace("\e", "␛", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(40)]
    public async Task Tables_FitTheWidth(int width)
    {
        var output = Screen.Unpainted(await DrawAsync("history", Commands.Terminal with { Width = width, Measure = () => (width, 24) }));

        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= width, line));
    }

    [Theory]
    [InlineData("history")]
    [InlineData("generations")]
    public async Task Tables_OnANarrowScreen_AreStacked(string line)
    {
        var traits = Commands.Terminal with { Width = 32, Measure = () => (32, 24) };

        GoldenText.Check($"narrow-{line}", Screen.Unpainted(await DrawAsync(line, traits)));
    }

    [Fact]
    public void Stack_LosesNoWord_AndFitsTheWidth()
    {
        const string Headline = "rolled back: the checks 'hello-web' and 'no newly failed units' kept failing";
        var page = new Page().Table(["#", "from", "when", "what came of it"], [(Ink.Bad, ["14", "d35c247", "1 m 33 s ago", Headline])]);

        var lines = page.Draw(40).TrimEnd('\n').Split('\n');

        Assert.All(lines, text => Assert.True(text.Length <= 40, text));
        Assert.Equal($"14 d35c247 1 m 33 s ago {Headline}", string.Join(' ', lines.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void Wrapped_HangsBelowItsWords() =>
        Assert.Equal("ok    one two\n      three\n      four\n", new Page().Wrapped("ok    one two three four", 0, hang: 6).Draw(14));

    [Fact]
    public async Task Page_WithoutColour_HoldsNone()
    {
        var output = await DrawAsync("status", Commands.Terminal with { HasColour = false });

        Assert.DoesNotMatch(@"\e\[[0-9;]*(3[0-79]|4[0-79]|9[0-7]|10[0-7]|38|48)[;m]", output);
    }

    [Fact]
    public async Task Page_OfADumbTerminal_HoldsNoSequences() =>
        Assert.DoesNotContain('\e', await DrawAsync("status", Commands.Terminal with { HasAnsi = false, HasColour = false }));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_OfATerminalWithoutUnicode_IsAscii(string line) =>
        Assert.True(System.Text.Ascii.IsValid(await DrawAsync(line, Commands.Terminal with { IsUnicode = false })));

    [Fact]
    public void TextFromOutside_IsShownAsItIs_AndCannotReachTheTerminal()
    {
        var page = new Page().Wrapped(Hostile, 2).Field("label", Hostile).Table(["a", "b"], [(Ink.Bad, [Hostile, Hostile])], wraps: true);
        using var writer = new StringWriter();

        TerminalPages.Show(page, writer, Commands.Terminal with { Width = 400, Measure = () => (400, 24), HasAnsi = false, HasColour = false });

        var drawn = writer.ToString();
        Assert.Equal(4, drawn.Split("[red]x[/] [[ ]]").Length - 1);
        Assert.DoesNotContain(drawn, c => (char.IsControl(c) && c != '\n') || c == '\u202E');
    }

    [Fact]
    public void WideText_IsMeasuredInColumns()
    {
        using var writer = new StringWriter();
        TerminalPages.Show(new Page().Table(["a", "b"], [(Ink.None, ["日本語", "x"]), (Ink.None, ["abcdef", "y"])]), writer, Commands.Terminal with { HasAnsi = false, HasColour = false });

        var rows = writer.ToString().Split('\n')[2..];

        // Three wide characters take as much room as six narrow ones.
        Assert.Equal(rows[1].IndexOf('y', StringComparison.Ordinal) - 3, rows[0].IndexOf('x', StringComparison.Ordinal));
    }

    [Fact]
    public void LongWords_StayWhole_SoThatTheyCanBeCopied()
    {
        var path = A.Toplevel("a-name-that-goes-on-for-a-while").Path;
        using var writer = new StringWriter();

        TerminalPages.Show(new Page().Field("system", path), writer, Commands.Terminal with { Width = 40, Measure = () => (40, 24) });

        Assert.Contains(path, writer.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> DrawAsync(string line, TerminalTraits terminal)
    {
        await using var control = new FakeControl();
        await control.StartAsync();
        return (await Commands.RunAsync(control, line, terminal)).Output.Replace(control.Socket, "SOCKET", StringComparison.Ordinal);
    }
}
