using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>What stands in the way of a reboot at one instant.</summary>
/// <param name="Inhibitors">Programs that ask for no reboot now.</param>
/// <param name="Users">Names of those who are logged in, each once.</param>
/// <param name="Trouble">Why neither could be asked for; null when both were.</param>
internal sealed record RebootObstacles(ImmutableArray<RebootInhibitor> Inhibitors, ImmutableArray<string> Users, string? Trouble)
{
    /// <summary>Nothing.</summary>
    public static RebootObstacles None { get; } = new([], [], null);
}

/// <summary>A program that asks for no reboot now. Both texts come from outside and are cut where they enter.</summary>
/// <param name="Who">What it calls itself.</param>
/// <param name="Why">The reason it gives.</param>
internal sealed record RebootInhibitor(string Who, string Why);
