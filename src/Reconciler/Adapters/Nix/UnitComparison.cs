using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>
/// Foretells from unit files alone what <c>switch-to-configuration</c> would do to the units of a running system, by its rules and the units'
/// own wishes (<c>X-RestartIfChanged</c> and the like). Pure.
/// </summary>
/// <remarks>
/// <para>
/// It cannot know what runs. A unit that boot starts, directly or behind a socket or the message bus, is taken to run; a changed unit that
/// nothing of that leads to, such as a timer's service, is told as left alone, and a removed one not at all. So it errs for a unit somebody
/// stopped or started by hand, for one that has ended, and for one that a device or another program starts.
/// </para>
/// <para>
/// Nor does it see what activation scripts ask to be restarted, mounts and swaps of <c>fstab</c>, units of users, or drop-ins for a whole kind
/// of unit. A service that is stopped and started again is told as restarted.
/// </para>
/// </remarks>
internal static class UnitComparison
{
    private const int MostUnits = 500;

    /// <summary>The units that would be touched, in order of name; a plan without packages.</summary>
    public static SystemPlan Between(SystemUnits before, SystemUnits after)
    {
        var (ran, started, starts) = (UnitReach.MayRun(before), UnitReach.Started(before), UnitReach.Started(after));
        var fates = before.Names.Concat(after.Names).Concat(ran).Concat(starts).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Fate: FateOf(name, before.Find(name), after.Find(name), new Standing(ran.Contains(name), started.Contains(name), starts.Contains(name)))))
            .ToLookup(unit => unit.Fate, unit => unit.Name);
        return new SystemPlan
        {
            Stop = Of(Fate.Stop),
            Start = Of(Fate.Start),
            Restart = Of(Fate.Restart),
            Reload = Of(Fate.Reload),
            LeftAlone = Of(Fate.LeftAlone),
        };

        ImmutableArray<string> Of(Fate fate) => [.. fates[fate].Take(MostUnits)];
    }

    private enum Fate
    {
        Untouched,
        Stop,
        Start,
        Restart,
        Reload,
        LeftAlone,
    }

    /// <summary>What booting the systems does with a unit.</summary>
    /// <param name="Ran">It may well run in the system before.</param>
    /// <param name="WasStarted">The system before starts it.</param>
    /// <param name="IsStarted">The system after starts it.</param>
    private readonly record struct Standing(bool Ran, bool WasStarted, bool IsStarted);

    private static Fate FateOf(string name, UnitText? old, UnitText? fresh, Standing standing) => (old, fresh) switch
    {
        (null, null) => Fate.Untouched,
        (null, _) => standing.IsStarted && !IsSilent(name) ? Fate.Start : Fate.Untouched,
        (_, null) => standing.Ran && old.Says("Unit", "X-StopOnRemoval", otherwise: true) ? Fate.Stop : Fate.Untouched,
        _ when standing is { IsStarted: true, WasStarted: false, Ran: false } => IsSilent(name) ? Fate.Untouched : Fate.Start,
        _ => Changed(name, fresh, UnitDifferences.Between(old, fresh), standing.Ran),
    };

    private static Fate Changed(string name, UnitText fresh, UnitDifference difference, bool ran) => (KindOf(name), difference) switch
    {
        (_, UnitDifference.None) or ("target", _) => Fate.Untouched, // targets are always started again: that is how new units start
        _ when !ran => Fate.LeftAlone,
        ("slice" or "path" or "socket", UnitDifference.Restart) => Fate.LeftAlone,
        (_, UnitDifference.Reload) => Fate.Reload,
        ("mount", _) => name is "-.mount" or "nix.mount" ? Fate.Reload : Fate.Restart,
        _ when fresh.Says("Service", "X-ReloadIfChanged", otherwise: false) => Fate.Reload,
        _ when !fresh.Says("Service", "X-RestartIfChanged", otherwise: true)
            || fresh.Says("Unit", "RefuseManualStop", otherwise: false)
            || fresh.Says("Unit", "X-OnlyManualStart", otherwise: false) => Fate.LeftAlone,
        _ => Fate.Restart,
    };

    // Those start with whatever is in them, and say nothing of their own.
    private static bool IsSilent(string name) => KindOf(name) is "target" or "slice";

    private static string KindOf(string name) => name[(name.LastIndexOf('.') + 1)..];
}
