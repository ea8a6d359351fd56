namespace Reconciler.Tests.Architecture;

/// <summary>A room of the house: a namespace, what its types may name, and why no more than that.</summary>
/// <param name="Name">The namespace below <c>Reconciler</c>; a room ending in <c>.*</c> is each of the namespaces there.</param>
/// <param name="MayName">Other rooms, or single types by <c>Room.Type</c>.</param>
/// <param name="Why">The reason, told when an edge breaks the rule.</param>
internal sealed record Room(string Name, string[] MayName, string Why);

/// <summary>The rooms, and which way names run between them.</summary>
internal static class Rooms
{
    private const string Root = "Reconciler";

    private static readonly string[] Desk =
        ["Reconciling.HostStatus", "Reconciling.IStatusBoard", "Reconciling.IOperatorDesk", "Reconciling.DeskAnswer", "Reconciling.PlanAnswer",
            "Reconciling.ForgeStatus", "Reconciling.PushStatus", "Reconciling.PageStatus"];

    private static readonly string[] Core = ["Model", "History", "Planning", "Ports"];

    /// <summary>The rule of the house.</summary>
    public static readonly Room[] All =
    [
        new("Model", [], "the words must not know the world"),
        new("History", ["Model"], "facts are made of words"),
        new("Planning", ["Model", "History"], "a decision needs only what it is given"),
        new("Ports", ["Model", "History"], "the core says what it needs, in its own words"),
        new("Reconciling", Core, "wires thinking to doing, and knows no adapter"),
        new("Configuration", ["Model"], "settings are values; whoever needs one is given it"),
        new("Adapters.Git", ["Model", "History", "Ports", "Configuration", "Adapters.Processes", "Adapters.Rim", "Adapters.Forge"],
            "the branch that explains a rollback is written in the forge's words; it knows no other adapter"),
        new("Adapters.GitHub", ["Model", "History", "Ports", "Configuration", "Adapters.Processes", "Adapters.Rim", "Adapters.Forge"],
            "what a pull request says is written in the forge's words; it knows no other adapter"),
        new("Adapters.Forge.Http", ["Model", "Ports", "Adapters.Rim", "Adapters.Forge"], "how the forges without a client of their own are asked"),
        new("Adapters.Forgejo", ["Model", "Ports", "Adapters.Forge", "Adapters.Forge.Http"], "one forge, in the words all forges share; it knows no other"),
        new("Adapters.GitLab", ["Model", "Ports", "Adapters.Forge", "Adapters.Forge.Http"], "one forge, in the words all forges share; it knows no other"),
        new("Adapters.Rim", ["Model", "Ports"], "how adapters read secrets and small files, send what wants no answer, and say why a connection broke; it knows none of them"),
        new("Adapters.Traces", ["Model", "Ports", "Configuration", "Adapters.Rim", "Wire.PhaseDocument"], "a trace is cut into the phases that all else shows; it knows no other adapter"),
        new("Adapters.*", ["Model", "History", "Ports", "Configuration", "Adapters.Processes", "Adapters.Rim"], "no adapter knows another, nor what is decided"),
        new("Wire", [.. Core, .. Desk], "what the socket carries: values made of the core's, for both of its ends"),
        new("Web", [.. Core, "Configuration", "Wire", "Web.Pages", "Web.Metrics", .. Desk], "shows and asks; never acts behind the loop's back"),
        new("Web.Metrics", [.. Core, "Reconciling.HostStatus", "Reconciling.ForgeStatus", "Wire"], "the status in, numbers out: they ask nobody"),
        new("Web.Pages", ["Model", "Ports.LedgerVerdict", "Wire"], "documents in, HTML out: they ask nobody"),
        new("Cli", [.. Core, "Configuration", "Wire", .. Desk, "Cli.Drawing.TerminalPages"], "asks over the socket; knows nothing of who answers"),
        new("Cli.Drawing", ["Cli"], "knows Spectre.Console, which is loaded through one door only, when there is a terminal"),
        new("Composition", ["*"], "the only place that knows who plays which part"),
        new("", ["*"], "the program begins in the composition"),
    ];

    /// <summary>The edges that break a rule, each with the reason for the rule.</summary>
    /// <param name="edges">Edges between types.</param>
    /// <param name="rooms">The rule; of several rooms that fit, the first counts.</param>
    /// <param name="root">The namespace the rooms are in.</param>
    public static IReadOnlyList<string> Broken(IEnumerable<TypeEdge> edges, Room[] rooms, string root = Root) =>
    [
        .. from edge in edges
           let @from = Within(edge.From, root)
           let to = Within(edge.To, root)
           where @from is not null && to is not null && SpaceOf(@from) != SpaceOf(to)
           let room = RoomOf(SpaceOf(@from), rooms)
           where room is null || !room.MayName.Any(allowed => Allows(allowed, to))
           orderby edge.From, edge.To
           select room is null
               ? $"{edge.From} is in no room that has a rule: give '{SpaceOf(@from)}' one"
               : $"{edge.From} names {edge.To}. {room.Name} may not, for {room.Why}; it may name {(room.MayName.Length == 0 ? "nothing" : string.Join(", ", room.MayName))}.",
    ];

    private static bool Allows(string allowed, string to) => allowed == "*" || allowed == SpaceOf(to) || allowed == to;

    private static Room? RoomOf(string space, Room[] rooms) => rooms.FirstOrDefault(room =>
        room.Name == space || (room.Name.EndsWith(".*", StringComparison.Ordinal) && space.StartsWith(room.Name[..^1], StringComparison.Ordinal)));

    // The name below the root; null for what the house did not make: the framework, packages, and helpers of the compiler.
    private static string? Within(string name, string root) =>
        name.StartsWith($"{root}.", StringComparison.Ordinal) ? name[(root.Length + 1)..]
        : root == Root && name == "Program" ? name
        : root == Root && name.StartsWith("Webhooks.", StringComparison.Ordinal) ? name
        : null;

    private static string SpaceOf(string name) => name.LastIndexOf('.') is var dot and >= 0 ? name[..dot] : "";
}
