using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>The unit files of one system. Masked ones are not among them.</summary>
internal sealed class SystemUnits
{
    private const int MostAliases = 4;
    private readonly Dictionary<string, UnitText?> _read = new(StringComparer.Ordinal);

    /// <summary>The file's text by the unit's name; templates among them.</summary>
    public required ImmutableDictionary<string, string> Files { get; init; }

    /// <summary>The texts of drop-ins by the name of the unit they belong to, in order; instances of templates among them.</summary>
    public required ImmutableDictionary<string, ImmutableArray<string>> DropIns { get; init; }

    /// <summary>Other names of units, by the link that says so.</summary>
    public required ImmutableDictionary<string, string> Aliases { get; init; }

    /// <summary>What the folders <c>X.wants</c>, <c>X.requires</c> and <c>X.upholds</c> tie to X.</summary>
    public required ImmutableDictionary<string, ImmutableArray<string>> Ties { get; init; }

    /// <summary>Names of units that can run; templates cannot.</summary>
    public IEnumerable<string> Names => Files.Keys.Where(name => !IsTemplate(name));

    /// <summary>The name a unit goes by.</summary>
    public string NameOf(string name)
    {
        for (var hop = 0; hop < MostAliases && !Files.ContainsKey(name) && Aliases.TryGetValue(name, out var other); hop++)
        {
            name = other;
        }

        return name;
    }

    /// <summary>A unit's settings; null when the system does not have it, or has it masked.</summary>
    public UnitText? Find(string name)
    {
        name = NameOf(name);
        if (!_read.TryGetValue(name, out var known))
        {
            _read[name] = known = Read(name);
        }

        return known;
    }

    private UnitText? Read(string name)
    {
        var template = TemplateOf(name) is { } raw ? NameOf(raw) : null;
        var file = Files.GetValueOrDefault(name) ?? (template is null ? null : Files.GetValueOrDefault(template));
        return file is null ? null : UnitText.Parse([file, .. template is null ? [] : DropInsOf(template), .. DropInsOf(name)]);
    }

    private ImmutableArray<string> DropInsOf(string name) => DropIns.GetValueOrDefault(name, []);

    private static bool IsTemplate(string name) => name.Contains("@.", StringComparison.Ordinal);

    // The template of getty@tty1.service is getty@.service.
    private static string? TemplateOf(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var dot = name.LastIndexOf('.');
        return at > 0 && dot > at + 1 && UnitName.IsValid(name) ? name[..(at + 1)] + name[dot..] : null;
    }
}
