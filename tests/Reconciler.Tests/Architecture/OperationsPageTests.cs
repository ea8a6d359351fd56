using System.Text.RegularExpressions;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Architecture;

/// <summary>The page for bad nights has a paragraph for everything that can stop a host.</summary>
public sealed partial class OperationsPageTests
{
    // Shorter than this is no more than the status says itself.
    private const int Least = 150;

    private static readonly Dictionary<string, IReadOnlyList<string>> Cures = new[]
    {
        from type in DocumentationTests.CasesOf<HoldReason>()
        select (type, Cures: Sample.Of(type).Cast<HoldReason>().Select(HoldText.Cure)),
        from type in DocumentationTests.CasesOf<Failure>()
        select (type, Cures: Sample.Of(type).Cast<Failure>().Select(FailureText.Cure)),
    }.SelectMany(all => all).ToDictionary(
        kind => DocumentationTests.Camel(kind.type.Name), kind => (IReadOnlyList<string>)[.. kind.Cures.Where(cure => cure.Length > 0).Distinct()], StringComparer.Ordinal);

    /// <summary>Every reason to hold and every kind of failure, as states.md names it.</summary>
    public static TheoryData<string> Kinds() => [.. Cures.Keys];

    [Fact]
    public void Paragraphs_AreOneForEachReasonAndFailure() =>
        Assert.Equal(Cures.Keys.Order(StringComparer.Ordinal), Paragraphs().Select(paragraph => paragraph.Kind).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Paragraph_SaysMoreThanTheStatusDoes(string kind)
    {
        var text = Paragraphs().First(paragraph => paragraph.Kind == kind).Text;

        Assert.True(text.Length >= Least, $"{kind} has only {text.Length} characters; say what causes it, where to look and what to do");
        Assert.Contains('`', text);
        Assert.All(Cures[kind], cure => Assert.DoesNotContain(cure, text, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Kind, string Text)> Paragraphs() =>
        Leads().Matches(DocumentationTests.Read("docs/operations.md")).Select(match => (match.Groups["kind"].Value, match.Groups["text"].Value.ReplaceLineEndings(" ").Trim()));

    // **[quarantined](states.md#quarantined)**: the paragraph, to the next empty line.
    [GeneratedRegex(@"^\*\*\[(?<kind>\w+)\]\(states\.md#\w+\)\*\*:(?<text>.*?)(?=\n\n|\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Leads();
}
