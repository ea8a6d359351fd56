using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>What a plan comes to, in one line: the description of its commit status.</summary>
internal static class PlanSummary
{
    /// <summary>The line.</summary>
    public static string Of(SystemPlan plan)
    {
        if (plan.ChangesNothing && plan.RebootReasons.IsEmpty)
        {
            return "changes no package and no unit";
        }

        string[] parts =
        [
            .. Count(plan.Packages.Length, "package changes", "packages change"),
            .. Count(plan.Restart.Length + plan.Reload.Length, "unit restarts", "units restart"),
            .. Count(plan.Start.Length, "unit starts", "units start"),
            .. Count(plan.Stop.Length, "unit stops", "units stop"),
            plan.RebootReasons.IsEmpty ? "no reboot" : $"a reboot is needed ({string.Join(", ", plan.RebootReasons)})",
        ];
        return string.Join(", ", parts);
    }

    private static string[] Count(int count, string one, string many) =>
        count == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}")];
}
