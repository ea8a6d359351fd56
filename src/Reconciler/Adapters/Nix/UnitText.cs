using System.Collections.Immutable;

namespace Reconciler.Adapters.Nix;

/// <summary>The settings of a systemd unit, its drop-ins applied. What is in <c>[Install]</c> is left out: it says nothing about a unit that is installed.</summary>
internal sealed class UnitText
{
    private static readonly string[] Yes = ["1", "yes", "true", "on"];
    private readonly Dictionary<(string Section, string Key), ImmutableArray<string>> _values = [];

    /// <summary>Reads the text of a unit's file and of its drop-ins, in that order. Lines that are no setting are left out.</summary>
    public static UnitText Parse(IEnumerable<string> texts)
    {
        var unit = new UnitText();
        foreach (var text in texts)
        {
            unit.Add(text);
        }

        return unit;
    }

    /// <summary>All settings by section and key.</summary>
    public IReadOnlyDictionary<(string Section, string Key), ImmutableArray<string>> Values => _values;

    /// <summary>What a setting says, in order; an empty value takes back those before it.</summary>
    public ImmutableArray<string> All(string section, string key) => _values.TryGetValue((section, key), out var values) ? values : [];

    /// <summary>The names in a setting that lists units.</summary>
    public IEnumerable<string> Names(string section, string key) =>
        All(section, key).SelectMany(value => value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The last word of a setting that is yes or no.</summary>
    public bool Says(string section, string key, bool otherwise) => All(section, key) is [.., var last] ? Yes.Contains(last, StringComparer.Ordinal) : otherwise;

    private void Add(string text)
    {
        var section = "";
        foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => line.Trim()))
        {
            if (line is ['[', .., ']'])
            {
                section = line[1..^1];
            }
            else if (line.Length > 0 && line[0] is not ('#' or ';') && section is not ("" or "Install") && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign)
            {
                Add((section, line[..sign].TrimEnd()), line[(sign + 1)..].TrimStart());
            }
        }
    }

    private void Add((string Section, string Key) setting, string value) =>
        _values[setting] = value.Length == 0 ? [] : All(setting.Section, setting.Key).Add(value);
}
