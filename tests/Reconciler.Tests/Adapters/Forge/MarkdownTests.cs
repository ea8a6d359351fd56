using CsCheck;
using Reconciler.Adapters.Forge;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

public sealed class MarkdownTests
{
    private const string Note = "*Cut.*";

    private static readonly Gen<string> Hostile = Gen.OneOf(Gen.Int[0, HostileText.Lines.Length - 1].Select(i => HostileText.Lines[i]), Gen.Char["`<>!-|\\[]()*_~#@1a /\r\u001b\u202e😀"].Array[0, 40].Select(c => new string(c)));

    private static readonly Gen<string> Block = Gen.OneOf(
        Hostile.Select(line => "A word: " + Markdown.Text(line, 200)),
        Hostile.Array[0, 30].Select(lines => Markdown.Fence(PlainText.LastLines(lines, 40, 120))),
        Hostile.Array[0, 30].Select(lines => Markdown.Details("a <code>log</code>", Markdown.Fence(PlainText.LastLines(lines, 40, 120)))),
        Hostile.Select(line => $"| a | {Markdown.CodeCell(line, 100)} |"));

    [Theory]
    [InlineData("a_b *c* [d](e) ~f~", @"a\_b \*c\* \[d\](e) \~f\~")]
    [InlineData("<img src=x> & more", "&lt;img src=x&gt; &amp; more")]
    [InlineData("a|b\\|c", "a&vert;b&bsol;&vert;c")]
    [InlineData("see https://x.example/issues/7", "see https: //x.example/issues/ 7")]
    [InlineData("fixes #12 for @ann, not ann@example.org", "fixes # 12 for @ ann, not ann@example.org")]
    [InlineData("see www.evil.example/x, WWW.evil.example, awww.", "see www&period;evil.example/x, WWW&period;evil.example, awww.")]
    [InlineData("two\nlines", "two lines")]
    public void Text_ShowsSignsAndObeysNone(string text, string expected) => Assert.Equal(expected, Markdown.Text(text, 200));

    [Theory]
    [InlineData("plain", "`plain`")]
    [InlineData("a `tick` inside", "``a `tick` inside``")]
    [InlineData("`edge`", "`` `edge` ``")]
    [InlineData("```", "```` ``` ````")]
    [InlineData("<!-- x -->", "`<! -- x -- >`")]
    [InlineData("", "")]
    public void Code_HasDelimitersLongerThanWhatItHolds(string text, string expected) => Assert.Equal(expected, Markdown.Code(text, 100));

    [Theory]
    [InlineData("a|b", @"`a\|b`")]
    [InlineData(@"a\|b", @"`a\ \|b`")]
    public void CodeCell_EndsNoCell(string text, string expected) => Assert.Equal(expected, Markdown.CodeCell(text, 100));

    [Fact]
    public void Fence_IsLongerThanAnyRunInIt() =>
        Assert.Equal("``````text\na ````` b\n```\n``````", Markdown.Fence(["a ````` b", "```"]));

    [Theory]
    [InlineData("/close", "/ close")]
    [InlineData("/label ~bug", "/ label ~bug")]
    [InlineData("/nix/store/x", "/nix/store/x")]
    public void Fence_SetsCommandsApart(string line, string expected) => Assert.Equal($"```text\n{expected}\n```", Markdown.Fence([line]));

    [Theory]
    [InlineData("a\r\nb \n", "a\nb", true)]
    [InlineData(null, "", true)]
    [InlineData("a", "b", false)]
    public void IsSame_IgnoresLineEndsOnly(string? one, string? other, bool same) => Assert.Equal(same, Markdown.IsSame(one, other));

    [Fact]
    public void Pieces_DisarmWhateverTheyAreGiven() => Block.Array[1, 6].Sample(
        blocks => HostileText.IsDisarmed(string.Join("\n\n", blocks), markers: 0), iter: 500, seed: "0000KIvKbn27");

    [Fact]
    public void Cut_NeverBreaksAFenceOrAFold() => Gen.Select(Block.Array[1, 8], Gen.Double.Unit).Sample(
        (blocks, share) =>
        {
            var text = string.Join("\n\n", blocks);
            var limit = Note.Length + 2 + (int)(share * text.Length);
            var cut = MarkdownLines.Cut(text, limit, Note);
            Assert.True(cut.Length <= limit, $"{cut.Length} of {limit}");
            Assert.True(cut == text || cut.EndsWith(Note, StringComparison.Ordinal));
            Assert.False(HasHalfACharacter(cut));
            HostileText.AssertBalanced(cut);
            Assert.Equal(cut, MarkdownLines.Cut(cut, limit, Note));
        },
        iter: 2000,
        seed: "0000KIvKbn27");

    [Fact]
    public void Cut_KeepsAsManyLinesOfALogAsFit()
    {
        var text = Markdown.Details("log", Markdown.Fence(Enumerable.Range(1, 100).Select(i => $"line {i}")));

        var cut = MarkdownLines.Cut(text, 300, Note);

        Assert.InRange(cut.Length, 280, 300);
        Assert.EndsWith("\n```\n\n</details>\n\n*Cut.*", cut, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(62)]
    [InlineData(63)]
    public void Cut_CutsALongLogLineBetweenCharacters(int limit)
    {
        var cut = MarkdownLines.Cut(Markdown.Fence([string.Concat(Enumerable.Repeat("😀", 100))]), limit, Note);

        Assert.InRange(cut.Length, limit - 1, limit);
        Assert.False(HasHalfACharacter(cut));
    }

    [Fact]
    public void Cut_IsNothingWhereNotEvenTheNoteFits() => Assert.Equal("", MarkdownLines.Cut("a long line of prose", 5, Note));

    private static bool HasHalfACharacter(string text) => text.Where((c, i) =>
        (char.IsHighSurrogate(c) && (i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])))
        || (char.IsLowSurrogate(c) && (i == 0 || !char.IsHighSurrogate(text[i - 1])))).Any();
}
