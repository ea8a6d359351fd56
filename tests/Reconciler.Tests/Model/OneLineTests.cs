using CsCheck;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Model;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  a \n\t b  ", "a b")]
    [InlineData("a\0b", "a b")]
    [InlineData("\u001b[31mred\u001b[0m", "[31mred [0m")]
    [InlineData("a\u202Eb\u2028c\u200Bd", "a b c d")] // right-to-left override, line separator, zero width space
    [InlineData("grün 𝄞", "grün 𝄞")]
    public void Of_Text_IsOneLineOfPlainText(string text, string line) => Assert.Equal(line, OneLine.Of(text));

    [Theory]
    [InlineData("abcdef", "abcdef")]
    [InlineData("abcdefg", "abcde…")]
    [InlineData("abcd𝄞", "abcd𝄞")]
    [InlineData("abcd𝄞e", "abcd…")] // never half a character
    public void Of_LongText_IsCut(string text, string line) => Assert.Equal(line, OneLine.Of(text, 6));

    [Fact]
    public void Of_AnyText_IsBoundedAndCanBeReadAgain() => Gen.Select(Gen.String, Gen.Int[1, 40]).Sample((text, limit) =>
    {
        var line = OneLine.Of(text, limit);
        Assert.True(line.Length <= limit);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Equal(line, OneLine.Of(line, limit));
    });
}
