using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Architecture;

public sealed class LayerTests
{
    private static readonly IReadOnlySet<TypeEdge> OwnEdges = TypeEdges.Of(typeof(LayerTests).Assembly);

    [Fact]
    public void Rooms_NameOnlyWhatTheyMay()
    {
        var broken = Rooms.Broken(TypeEdges.Of(typeof(Revision).Assembly), Rooms.All);

        Assert.True(broken.Count == 0, string.Join(Environment.NewLine, broken));
    }

    [Fact]
    public void Edges_OfTheHouse_AreSeen()
    {
        // An empty list of edges would break no rule: the reader must have read.
        var edges = TypeEdges.Of(typeof(Revision).Assembly);

        Assert.Contains(new TypeEdge("Reconciler.Planning.HostPlanner", "Reconciler.Planning.Backoff"), edges); // in a body
        Assert.Contains(new TypeEdge("Reconciler.Model.Candidate", "Reconciler.Model.Revision"), edges);
        Assert.Contains(new TypeEdge("Reconciler.Adapters.Processes.ProcessRunner", "System.Diagnostics.Process"), edges);
    }

    // The house below, Fixture, has two rooms; each edge into World is of another kind.
    [Theory]
    [InlineData("CallsInBody")]
    [InlineData("CallsInLambda")]
    [InlineData("CallsInAsyncBody")]
    [InlineData("AsksForTypeInBody")]
    [InlineData("CatchesInBody")]
    [InlineData("CallsGenericInBody")]
    [InlineData("HasField")]
    [InlineData("HasGenericField")]
    [InlineData("TakesParameter")]
    [InlineData("ReturnsArray")]
    [InlineData("IsDerived")]
    [InlineData("IsConstrained`1")]
    [InlineData("HasAttribute")]
    [InlineData("HasTypeInAttribute")]
    public void Broken_NameOfAnyKind_IsFoundWithItsReason(string type)
    {
        const string House = "Reconciler.Tests.Architecture.Fixture";
        var edges = OwnEdges;

        Assert.Empty(Rooms.Broken(edges, [new Room("Core", ["World"], ""), new Room("World", [], "")], House));
        var broken = Rooms.Broken(edges, [new Room("Core", [], "thoughts open no doors"), new Room("World", [], "")], House);
        Assert.Contains(broken, text => text.StartsWith($"{House}.Core.{type} names {House}.World.", StringComparison.Ordinal) && text.Contains("thoughts open no doors", StringComparison.Ordinal));
    }

    [Fact]
    public void Broken_RoomWithoutRule_IsFound()
    {
        var broken = Rooms.Broken([new TypeEdge("Reconciler.Attic.Box", "Reconciler.Model.Revision")], Rooms.All);

        Assert.Equal(["Reconciler.Attic.Box is in no room that has a rule: give 'Attic' one"], broken);
    }

    [Theory]
    [InlineData("Reconciler.Model.Revision", "Reconciler.Planning.HostStep", false)]
    [InlineData("Reconciler.Adapters.Nix.NixHost", "Reconciler.Adapters.Git.GitRemotes", false)]
    [InlineData("Reconciler.Adapters.Nix.NixHost", "Reconciler.Adapters.Processes.IProcessRunner", true)]
    [InlineData("Reconciler.Adapters.Nix.NixHost", "Reconciler.Planning.HostStep", false)]
    [InlineData("Reconciler.Adapters.Git.Explanations", "Reconciler.Adapters.Forge.PullRequestText", true)]
    [InlineData("Reconciler.Adapters.Forge.PullRequestText", "Reconciler.Adapters.Git.GitRemotes", false)]
    [InlineData("Reconciler.Web.StatusPage", "Reconciler.Reconciling.HostStatus", true)]
    [InlineData("Reconciler.Web.StatusPage", "Reconciler.Reconciling.HostActuator", false)]
    [InlineData("Reconciler.Reconciling.TriggerQueue", "Webhooks.IPushListener", false)]
    [InlineData("Reconciler.Composition.Daemon", "Webhooks.IPushListener", true)]
    [InlineData("Program", "Reconciler.Composition.Daemon", true)]
    public void Broken_Rule_IsAsTheTableSays(string from, string to, bool allowed) =>
        Assert.Equal(allowed, Rooms.Broken([new TypeEdge(from, to)], Rooms.All).Count == 0);
}
