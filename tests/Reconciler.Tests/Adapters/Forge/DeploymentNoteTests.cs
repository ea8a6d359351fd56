using System.Text.Json;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

public sealed class DeploymentNoteTests
{
    private static readonly HostName Host = new("web1");

    [Fact]
    public void ToString_IsJsonThatCanBeReadAgain()
    {
        var note = DeploymentNote.Of(Story.RolledBack(new Failure.Unhealthy([Story.Probe("web \"answers\"", false, "no")])));

        using var json = JsonDocument.Parse(note.ToString());
        var first = json.RootElement.GetProperty("deployments")[0];

        Assert.Equal("web1", json.RootElement.GetProperty("host").GetString());
        Assert.Equal("rolled back", first.GetProperty("outcome").GetString());
        Assert.Equal(41, first.GetProperty("generation").GetInt32());
        Assert.Equal("2026-11-22T12:01:11+00:00", first.GetProperty("time").GetString());
        Assert.Equal("web \"answers\"", first.GetProperty("failing")[0].GetString());
        Assert.Equal(25, first.GetProperty("ledger").GetProperty("position").GetInt64());
        Assert.Equal(Story.Good.Sha, first.GetProperty("restored").GetString());
        Assert.Equal(note, DeploymentNote.Parse(note.ToString(), Host));
    }

    [Fact]
    public void With_PutsTheLatestFirst_KnowsADeploymentOnce_AndIsBounded()
    {
        var note = DeploymentNote.Of(Story.Confirmed(Story.Bad, id: 1));
        for (var i = 2; i <= 50; i++)
        {
            note = note.With(DeploymentNote.Of(Story.Confirmed(Story.Bad, id: i, seconds: i)));
            note = note.With(DeploymentNote.Of(Story.Confirmed(Story.Bad, id: i, seconds: i) with { LedgerPosition = 1000 }));
        }

        Assert.Equal(DeploymentNote.MostDeployments, note.Deployments.Length);
        Assert.Equal(50, note.Deployments[0].Deployment);
        Assert.Equal(25, note.Deployments[0].Ledger!.Position);
        Assert.Equal(50, note.Deployments.Select(d => d.Deployment).Max());
    }

    [Theory]
    [InlineData("a person's note")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"host\":1}")]
    [InlineData("{\"host\":\"x\"} and more")]
    public void Parse_KeepsWhatIsNotOurs(string text)
    {
        var note = DeploymentNote.Parse(text, Host).With(DeploymentNote.Of(Story.Confirmed(Story.Bad)));

        Assert.Single(note.Deployments);
        Assert.Contains(text, note.ToString(), StringComparison.Ordinal);
        Assert.Equal(note, DeploymentNote.Parse(note.ToString(), Host));
        Assert.Equal(note, note.With(DeploymentNote.Parse(text, Host)));
    }

    [Theory]
    [InlineData("{\"host\":\"web1\",\"deployments\":[null]}")]
    [InlineData("{\"host\":\"web1\",\"deployments\":[{}]}")]
    [InlineData("{\"host\":\"web1\",\"deployments\":[{\"failing\":[null]}]}")]
    [InlineData("")]
    public void Parse_SurvivesOddNotes(string text) => Assert.NotEmpty(DeploymentNote.Parse(text, Host).With(DeploymentNote.Of(Story.Confirmed(Story.Bad))).ToString());
}
