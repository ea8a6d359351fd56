using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Chooses which generations may go.</summary>
internal static class GenerationPruning
{
    /// <summary>The numbers to delete, lowest first.</summary>
    /// <param name="generations">All there are, newest first.</param>
    /// <param name="keep">How many of the newest stay; 0 or less keeps all.</param>
    /// <param name="protect">Systems whose generations stay whatever their age.</param>
    public static IReadOnlyList<int> Choose(IReadOnlyList<Generation> generations, int keep, IReadOnlySet<Toplevel> protect) =>
        keep <= 0 ? [] :
        [
            .. generations.OrderByDescending(generation => generation.Number).Skip(keep)
                .Where(generation => !generation.IsBootDefault && !protect.Contains(generation.Toplevel))
                .Select(generation => generation.Number).Order(),
        ];
}
