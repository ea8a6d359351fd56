using System.Collections.Frozen;

namespace Reconciler.Adapters.Nix;

/// <summary>Compares two versions of a unit.</summary>
internal static class UnitDifferences
{
    private static readonly FrozenSet<string> Untold = FrozenSet.ToFrozenSet(
        [
            "Description", "Documentation", "OnFailure", "OnSuccess", "OnFailureJobMode", "IgnoreOnIsolate", "StopWhenUnneeded", "RefuseManualStart",
            "RefuseManualStop", "AllowIsolate", "CollectMode", "SourcePath",
        ],
        StringComparer.Ordinal);

    /// <summary>The gravest difference of any setting.</summary>
    public static UnitDifference Between(UnitText before, UnitText after) =>
        before.Values.Keys.Union(after.Values.Keys).Select(setting => Of(setting, before, after)).DefaultIfEmpty().Max();

    private static UnitDifference Of((string Section, string Key) setting, UnitText before, UnitText after)
    {
        var (had, has) = (before.Values.ContainsKey(setting), after.Values.ContainsKey(setting));
        if (had == has && before.Values[setting].SequenceEqual(after.Values[setting]))
        {
            return UnitDifference.None;
        }

        return setting switch
        {
            ("Unit", "X-Reload-Triggers") or ("Service", "ExecReload") => has ? UnitDifference.Reload : UnitDifference.None,
            ("Mount", "Options") when had && has => UnitDifference.Reload,
            ("Unit", var key) when Untold.Contains(key) => UnitDifference.None,
            _ => UnitDifference.Restart,
        };
    }
}
