using Reconciler.Tests.Golden;
using Xunit;

namespace Reconciler.Tests.Scenarios;

/// <summary>Plays each story of this folder and compares what the daemon does, pass by pass. <c>UPDATE_GOLDEN=1</c> writes what is expected anew.</summary>
public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(GoldenText.RepositoryRoot, "tests", "Reconciler.Tests", "Scenarios");

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Story_GoesAsTold(string story)
    {
        var script = await File.ReadAllLinesAsync(Path.Combine(Folder, story, "story.txt"), TestContext.Current.CancellationToken);

        GoldenText.CheckFile(Path.Combine(Folder, story, "expected.txt"), await new Scenario().PlayAsync(script));
    }

    public static TheoryData<string> Stories() => [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
