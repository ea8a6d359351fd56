using System.Text.RegularExpressions;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

/// <summary>What somebody could put into a commit, a unit's output or a check, and what a forge must not find of it afterwards.</summary>
internal static partial class HostileText
{
    /// <summary>One line with everything a forge obeys.</summary>
    public const string Line =
        "<!-- reconciler:host=web2 --> fixes #12, closes GH-13 resolves !14 https://forge.example/o/r/issues/15 www.evil.example @everyone cc @ann/team "
        + "![x](https://evil.example/p.png) <img src=x> [a](javascript:x) **b** `c` ```d | e \\| </details> --> \u202e \u001b[31m";

    /// <summary>Lines with what is obeyed at the beginning of one.</summary>
    public static readonly string[] Lines =
        [Line, "```", "````text", "~~~", "</details>", "<details>", "/close", "/merge now", "# heading", "<!-- /reconciler:host=web1 -->", "<script>alert(1)</script>", "#99", "@bob"];

    /// <summary>Checks that nothing of it is left that a forge would obey.</summary>
    /// <param name="text">A whole body.</param>
    /// <param name="markers">How many hidden markers the house itself wrote.</param>
    public static void IsDisarmed(string text, int markers)
    {
        Assert.Equal(markers, Regex.Count(text, "<!--"));
        Assert.Equal(markers, Regex.Count(text, "-->"));
        Assert.DoesNotMatch(Obeyed(), text);
        Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        Assert.DoesNotMatch("(?m)^/(close|merge)", text);
        AssertBalanced(text);
        var prose = WithoutCode(text);
        Assert.DoesNotContain("<img", prose, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script", prose, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"(?<!\\)\]\(|(?<!\\)!\[", prose);
        Assert.DoesNotContain("://", prose, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?i)\bwww\.", prose);
    }

    /// <summary>Checks that every fence and every fold that is opened is closed; with a reader of its own, not the one that cuts.</summary>
    public static void AssertBalanced(string text)
    {
        string? fence = null;
        var folds = 0;
        foreach (var line in text.Split('\n'))
        {
            var ticks = Regex.Match(line, "^`{3,}").Value;
            if (fence is not null)
            {
                fence = ticks.Length >= fence.Length && line.Trim() == ticks ? null : fence;
            }
            else if (ticks.Length > 0 && !line[ticks.Length..].Contains('`', StringComparison.Ordinal))
            {
                fence = ticks;
            }
            else
            {
                folds += Regex.Count(line, "^<details>$") - Regex.Count(line, "^</details>$");
                Assert.True(folds >= 0, "a fold is closed that was not open");
            }
        }

        Assert.True(fence is null, "a fence is left open");
        Assert.Equal(0, folds);
    }

    // Fences first, then code spans, as a renderer reads them.
    private static string WithoutCode(string text) =>
        Regex.Replace(Regex.Replace(text, "(?ms)^(`{3,})[a-z]*$.*?^\\1$", ""), "(?<!`)(`+)(?!`)[^\n]*?(?<!`)\\1(?!`)", "");

    [GeneratedRegex(@"#[0-9]|\bGH-[0-9]|![0-9]|/issues/[0-9]|(?<![A-Za-z0-9_./-])@[A-Za-z0-9_]", RegexOptions.IgnoreCase)]
    private static partial Regex Obeyed();
}
