using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Adapters.Traces;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web.Site;
using Xunit;

namespace Reconciler.Tests.Adapters.Traces;

public sealed class TraceBuildingTests
{
    private static readonly HostName Web1 = new("web1");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static TheoryData<string> Ends => ["confirmed", "rolled-back", "failed", "superseded"];

    [Theory]
    [MemberData(nameof(Ends))]
    public void Request_OfEachEnd_ReadsAsRecorded(string end) =>
        GoldenText.Check($"trace-{end}", JsonNode.Parse(OtlpJson.Request(Web1, "1.2.3", TraceBuilding.Of(Web1, Ended(end))))!.ToJsonString(Indented) + "\n");

    [Fact]
    public void Spans_OfARollback_BlameTheHealthGate()
    {
        var spans = TraceBuilding.Of(Web1, Ended("rolled-back"));

        Assert.Equal(["deployment", "build", "plan", "wait", "activate", "health gate", "roll back"], spans.Select(span => span.Name));
        Assert.Equal(["deployment", "health gate"], spans.Where(span => span.IsGood is false).Select(span => span.Name));
        Assert.All(spans.Where(span => span.IsGood is false), span => Assert.Equal("the check 'https://www.example.org/health' kept failing", span.Trouble));
        Assert.All(spans.Skip(1), span => Assert.Equal(spans[0].Id, span.Parent));
    }

    [Fact]
    public void Spans_LieInTheRoot_AndFollowEachOther()
    {
        foreach (var spans in Ends.Select(end => TraceBuilding.Of(Web1, Ended(end.Data))))
        {
            Assert.All(spans, span => Assert.InRange(span.Began, spans[0].Began, span.Ended));
            Assert.All(spans, span => Assert.True(span.Ended <= spans[0].Ended));
            Assert.All(spans.Skip(1).Zip(spans.Skip(2)), pair => Assert.Equal(pair.First.Ended, pair.Second.Began));
        }
    }

    [Fact]
    public void Ids_AreTheSameEachTime_AndDifferByHostDeploymentAndTime()
    {
        var deployment = Ended("confirmed");
        var ids = TraceBuilding.Of(Web1, deployment).Select(span => span.Id).ToList();

        Assert.Equal(ids, TraceBuilding.Of(Web1, deployment).Select(span => span.Id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var traces = new[]
        {
            TraceIds.Trace(Web1, deployment), TraceIds.Trace(new HostName("web2"), deployment), TraceIds.Trace(Web1, deployment with { Id = new DeploymentId(99) }),
            TraceIds.Trace(Web1, deployment with { Began = deployment.Began.AddTicks(1) }),
        };
        Assert.Equal(traces.Length, traces.Distinct().Count());
    }

    [Fact]
    public void Span_OfAClockThatWasSetBack_EndsNotBeforeItBegan()
    {
        var deployment = Ended("failed");
        var back = deployment with { Changed = deployment.Began.AddHours(-1), Timeline = [.. deployment.Timeline.Select((line, place) => line with { At = line.At.AddMinutes(-place) })] };

        Assert.All(TraceBuilding.Of(Web1, back), span => Assert.True(span.Ended >= span.Began));
    }

    [Fact]
    public void Spans_OfALongStory_AreBounded()
    {
        var lines = Enumerable.Range(0, 5000).Select(i => new PhaseEntered(A.Start.AddMinutes(i), i % 2 == 0 ? "rollback began" : "rollback failed"));
        var long_ = Ended("rolled-back") with { Timeline = [.. lines] };

        var spans = TraceBuilding.Of(Web1, long_);

        Assert.InRange(spans.Length, 2, 101);
        Assert.InRange(spans[0].Events.Length, 1, 100);
    }

    [Fact]
    public void Request_OfEveryDeploymentThereCanBe_IsWhole()
    {
        foreach (var deployment in EveryCase.Of<Deployment>())
        {
            using var request = JsonDocument.Parse(OtlpJson.Request(Web1, "1.2.3", TraceBuilding.Of(Web1, deployment)));
            Assert.Equal(1, request.RootElement.GetProperty("resourceSpans").GetArrayLength());
        }
    }

    /// <summary>A deployment that ended in one of the ways.</summary>
    internal static Deployment Ended(string end)
    {
        var tale = new Tale().Confirmed();
        return (end switch
        {
            "confirmed" => tale.Confirmed(),
            "rolled-back" => tale.RolledBack(),
            "failed" => tale.Failed(),
            _ => tale.Superseded(),
        }).History.Latest!;
    }
}
