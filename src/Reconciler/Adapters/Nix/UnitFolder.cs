using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Reads the unit files of a system in the store. Bounded; starts nothing.</summary>
internal sealed class UnitFolder(StoreFiles store)
{
    private const int MostEntries = 8000;
    private const int MostInFolder = 1000;
    private const int LongestFile = 256 * 1024;
    private const int MostCharacters = 32 * 1024 * 1024;
    private static readonly string[] Kinds = ["service", "socket", "target", "timer", "path", "mount", "automount", "swap", "slice"];
    private static readonly string[] Tying = [".wants", ".requires", ".upholds"];

    /// <summary>What lies in <c>etc/systemd/system</c> of a system; nothing when that is missing.</summary>
    public SystemUnits Read(Toplevel toplevel)
    {
        var (left, aliases) = (MostCharacters, new Dictionary<string, string>(StringComparer.Ordinal));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var dropIns = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var ties = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var path in store.List($"{toplevel}/etc/systemd/system", MostEntries))
        {
            var name = Path.GetFileName(path);
            if (Owner(name, [".d"]) is { } changed)
            {
                dropIns[changed] = [.. DropIns(path)];
            }
            else if (Owner(name, Tying) is { } tied)
            {
                ties[tied] = [.. ties.GetValueOrDefault(tied, []), .. Tied(path)];
            }
            else if (!IsUnit(name))
            {
                continue;
            }
            else if (StoreFiles.LinkAt(path) is { } other && !other.Contains('/', StringComparison.Ordinal) && IsUnit(other))
            {
                aliases[name] = other;
            }
            else if (Take(path) is { } text)
            {
                files[name] = text;
            }
        }

        return new SystemUnits
        {
            Files = files.ToImmutableDictionary(StringComparer.Ordinal),
            DropIns = dropIns.ToImmutableDictionary(StringComparer.Ordinal),
            Aliases = aliases.ToImmutableDictionary(StringComparer.Ordinal),
            Ties = ties.ToImmutableDictionary(StringComparer.Ordinal),
        };

        IEnumerable<string> Tied(string folder) =>
            store.List(folder, MostInFolder).Where(p => StoreFiles.LinkAt(p) != "/dev/null").Select(p => Path.GetFileName(p)).Where(IsUnit);

        IEnumerable<string> DropIns(string folder) =>
            store.List(folder, MostInFolder).Where(p => p.EndsWith(".conf", StringComparison.Ordinal)).Select(Take).OfType<string>();

        // A masked unit is a link to /dev/null, which is not in the store.
        string? Take(string path)
        {
            var text = store.ReadText(path, Math.Min(left, LongestFile));
            left -= text?.Length ?? 0;
            return text;
        }
    }

    private static string? Owner(string folder, string[] endings) =>
        endings.FirstOrDefault(ending => folder.EndsWith(ending, StringComparison.Ordinal)) is { } found && folder[..^found.Length] is var name && IsUnit(name) ? name : null;

    private static bool IsUnit(string name) => UnitName.IsValid(name) && Kinds.Contains(name[(name.LastIndexOf('.') + 1)..], StringComparer.Ordinal);
}
