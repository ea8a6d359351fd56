using System.Collections.Immutable;

namespace Reconciler.Adapters.Nix;

/// <summary>Finds what booting a system leads to, by its unit files.</summary>
internal static class UnitReach
{
    private const int MostUnits = 10_000;

    private static readonly string[] Beginnings =
    [
        "default.target", "sysinit.target", "basic.target", "sockets.target", "timers.target", "paths.target", "sysinit-reactivation.target",
    ];

    private static readonly string[] Pulling = ["Wants", "Requires", "BindsTo", "Upholds"];

    /// <summary>The units that are started at boot.</summary>
    public static ImmutableHashSet<string> Started(SystemUnits units) => Follow(units, Beginnings, static (_, _) => []);

    /// <summary>Those, and the ones that may well run because a socket or the message bus starts them.</summary>
    public static ImmutableHashSet<string> MayRun(SystemUnits units) =>
        Follow(units, [.. Beginnings, .. units.Names.Where(name => units.Find(name)?.All("Service", "BusName").IsEmpty == false)], BehindSocket);

    private static ImmutableHashSet<string> Follow(SystemUnits units, IEnumerable<string> from, Func<string, UnitText, IEnumerable<string>> more)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(from.Select(units.NameOf));
        while (found.Count < MostUnits && waiting.TryDequeue(out var name))
        {
            if (!found.Add(name))
            {
                continue;
            }

            var text = units.Find(name);
            var next = units.Ties.GetValueOrDefault(name, []).AsEnumerable();
            next = text is null ? next : next.Concat(Pulling.SelectMany(key => text.Names("Unit", key))).Concat(more(name, text));
            foreach (var other in next.Select(units.NameOf).Where(other => !found.Contains(other)))
            {
                waiting.Enqueue(other);
            }
        }

        return [.. found];
    }

    private static IEnumerable<string> BehindSocket(string name, UnitText text) =>
        !name.EndsWith(".socket", StringComparison.Ordinal) ? []
        : text.Names("Socket", "Service") is var named && named.Any() ? named
        : [name[..^".socket".Length] + ".service"];
}
