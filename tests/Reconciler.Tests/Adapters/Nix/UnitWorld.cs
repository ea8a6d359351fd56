using Reconciler.Adapters.Nix;
using Reconciler.Model;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>Systems with unit files, laid out as NixOS does: every unit is a link to a store path of its own.</summary>
internal sealed class UnitWorld(NixFolder folder)
{
    private int _paths;

    /// <summary>Gives a system these files in <c>etc/systemd/system</c>.</summary>
    /// <param name="name">The system.</param>
    /// <param name="files">Path and text; a text that begins with <c>-> </c> makes a link.</param>
    public Toplevel System(string name, params (string Path, string Text)[] files)
    {
        var toplevel = folder.System(name);
        var (etc, units) = (StorePath("etc"), StorePath("system-units"));
        Directory.CreateDirectory(etc + "/etc/systemd");
        Directory.CreateDirectory(units);
        File.CreateSymbolicLink(toplevel + "/etc", etc + "/etc");
        File.CreateSymbolicLink(etc + "/etc/systemd/system", units);
        foreach (var (path, text) in files)
        {
            var place = $"{units}/{path}";
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            var target = text.StartsWith("-> ", StringComparison.Ordinal) ? text[3..] : Unit(Path.GetFileName(path), text);
            File.CreateSymbolicLink(place, target);
        }

        return toplevel;
    }

    /// <summary>Compares two systems' units.</summary>
    public SystemPlan Compare(Toplevel before, Toplevel after)
    {
        var units = new UnitFolder(new StoreFiles(folder.Settings.StoreDirectory));
        return UnitComparison.Between(units.Read(before), units.Read(after));
    }

    /// <summary>What a plan says of units, a line each.</summary>
    public static string Told(SystemPlan plan) => string.Join(
        '\n',
        new[] { ("stop", plan.Stop), ("start", plan.Start), ("restart", plan.Restart), ("reload", plan.Reload), ("leave", plan.LeftAlone) }
            .SelectMany(list => list.Item2.Select(unit => $"{list.Item1} {unit}")));

    private string Unit(string name, string text)
    {
        var path = StorePath("unit-" + name);
        Directory.CreateDirectory(path);
        File.WriteAllText($"{path}/{name}", text);
        return $"{path}/{name}";
    }

    private string StorePath(string name) => folder.At($"store/{++_paths:D32}-{name}");
}
