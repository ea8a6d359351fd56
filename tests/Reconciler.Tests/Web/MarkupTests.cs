using Reconciler.Web.Pages;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed class MarkupTests
{
    [Theory]
    [InlineData("plain text, 100% (of it)", "plain text, 100% (of it)")]
    [InlineData("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;")]
    [InlineData("é €\n\t𝄞", "é €\n\t𝄞")]
    [InlineData("a\u202Eb\u0007c", "a\uFFFDb\uFFFDc")]
    [InlineData(null, "")]
    public void Encode_LeavesNothingThatIsHtml(string? text, string encoded) => Assert.Equal(encoded, HtmlText.Encode(text));

    [Fact]
    public void Encode_ReplacesHalfACharacter() => Assert.Equal("a\uFFFDb", HtmlText.Encode($"a{(char)0xD800}b"));

    [Fact]
    public void Of_EncodesTextAndLeavesMarkup()
    {
        var inner = Markup.Of($"<i>{"<x>"}</i>");

        Assert.Equal("<p title=\"&quot;\"><i>&lt;x&gt;</i>7 0.3</p>", Markup.Of($"<p title=\"{"\""}\">{inner}{7} {0.26}</p>").ToString());
    }

    [Theory]
    [InlineData("run `reconciler resume` now", "run <code>reconciler resume</code> now")]
    [InlineData("`<b>`", "<code>&lt;b&gt;</code>")]
    [InlineData("one ` alone", "one ` alone")]
    public void Prose_ShowsCommandsAsCode(string text, string html) => Assert.Equal(html, Prose.Of(text).ToString());

    [Theory]
    [InlineData("plain\tline", "plain\tline")]
    [InlineData("\e[31mred\e[0m \e]0;title\a<b>", "red <b>")]
    [InlineData("a\u202Eb", "ab")]
    public void LogLine_HasNothingATerminalWouldObey(string line, string clean) => Assert.Equal(clean, LogTail.Clean(line));

    [Fact]
    public void LogLine_IsCut() => Assert.Equal(2000, LogTail.Clean(new string('x', 5000)).Length);
}
