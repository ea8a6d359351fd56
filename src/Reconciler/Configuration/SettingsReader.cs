using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Reconciler.Configuration;

/// <summary>What readers of one file share: the errors, and every key that was asked for.</summary>
internal sealed class SettingsContext
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<string> _shapeless = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>All that is wrong so far, in the order of the file's sections.</summary>
    public ImmutableArray<ConfigurationError> Errors => [.. _errors];

    /// <summary>Every key the parser knows, such as <c>$.repository.remotes[].url</c>.</summary>
    public IReadOnlySet<string> Keys => _keys;

    /// <summary>Writes down an error.</summary>
    public void Add(string path, string message)
    {
        // One value is worth one complaint, and of what should be an object and is not, nothing inside is missing.
        if (!_errors.Any(error => error.Path == path) && !_shapeless.Any(outer => path.StartsWith(outer + ".", StringComparison.Ordinal)))
        {
            _errors.Add(new ConfigurationError(path, message));
        }
    }

    /// <summary>Writes down that something is no object.</summary>
    public void AddShapeless(string path, string message)
    {
        Add(path, message);
        _shapeless.Add(path);
    }

    /// <summary>Notes that the parser knows a key.</summary>
    public void Know(string key) => _keys.Add(key);
}

/// <summary>Reads the members of one JSON object. Trouble goes to the shared list, and the default is given back.</summary>
internal sealed class SettingsReader
{
    private readonly SettingsContext _context;
    private readonly string _pattern;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    public SettingsReader(SettingsContext context, JsonElement? element, string path = "$", string pattern = "$")
    {
        _context = context;
        _pattern = pattern;
        Path = path;
        if (element is { ValueKind: JsonValueKind.Object } present)
        {
            foreach (var member in present.EnumerateObject())
            {
                if (!_members.TryAdd(member.Name, member.Value))
                {
                    Fail(member.Name, "is written twice; keep one");
                }
            }
        }
        else if (element is { } other)
        {
            context.AddShapeless(path, $"must be an object {{…}}, and is {Kind(other)}");
        }
    }

    /// <summary>Where the object is.</summary>
    public string Path { get; }

    /// <summary>Whether a key is written, be it as null.</summary>
    public bool Has(string key) => Element(key) is not null;

    /// <summary>Whether a key is written as null.</summary>
    public bool IsNull(string key) => Element(key) is { ValueKind: JsonValueKind.Null };

    /// <summary>Writes down an error at a key.</summary>
    public void Fail(string key, string message) => _context.Add(At(key), message);

    /// <summary>Writes down an error at the object.</summary>
    public void Fail(string message) => _context.Add(Path, message);

    /// <summary>A section; when it is not written, its keys still have their defaults.</summary>
    public SettingsReader Section(string key) => new(_context, Element(key), At(key), $"{_pattern}.{key}");

    /// <summary>The objects of a list.</summary>
    public ImmutableArray<SettingsReader> Sections(string key) =>
        [.. Items(key, "objects").Select((item, index) => new SettingsReader(_context, item, $"{At(key)}[{index}]", $"{_pattern}.{key}[]"))];

    /// <summary>A list that another parser knows how to read.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="parse">Takes the list, where it is, and a collection for errors written as <c>path: what is wrong</c>.</param>
    public ImmutableArray<T> List<T>(string key, Func<JsonElement, string, ICollection<string>, ImmutableArray<T>> parse)
    {
        if (Element(key) is not { } list)
        {
            return [];
        }

        var errors = new List<string>();
        var values = parse(list, At(key), errors);
        foreach (var error in errors)
        {
            var (path, message) = error.IndexOf(": ", StringComparison.Ordinal) is var end and > 0 ? (error[..end], error[(end + 2)..]) : (At(key), error);
            _context.Add(path, message);
        }

        return values;
    }

    /// <summary>The texts of a list.</summary>
    public ImmutableArray<string> Texts(string key)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, item) in Items(key, "texts").Index())
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                texts.Add(item.GetString()!);
            }
            else
            {
                _context.Add($"{At(key)}[{index}]", $"must be text, and is {Kind(item)}");
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>Text; null when it is not written, or not text.</summary>
    public string? Text(string key) => Element(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } value => value,
        { ValueKind: JsonValueKind.String } => Refuse<string?>(key, "must not be empty; leave it out for the default", null),
        { } other => Refuse<string?>(key, $"must be text, and is {Kind(other)}", null),
    };

    /// <summary>Text, or null where null may be written.</summary>
    public string? TextOrNull(string key) => IsNull(key) ? null : Text(key);

    /// <summary>Text that must meet a condition.</summary>
    public string Text(string key, string fallback, Func<string, bool> holds, string complaint) =>
        Text(key) is not { } text ? fallback : holds(text) ? text : Refuse(key, complaint, fallback);

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool fallback) => Element(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => Refuse(key, $"must be true or false, and is {Kind(other)}", fallback),
    };

    /// <summary>A whole number within bounds.</summary>
    public int Number(string key, int fallback, int least, int most) => Element(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= least && value <= most => value,
        { ValueKind: JsonValueKind.Number } => Refuse(key, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"), fallback),
        { } other => Refuse(key, $"must be a whole number, and is {Kind(other)}", fallback),
    };

    /// <summary>A duration within bounds.</summary>
    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least, TimeSpan most) => Element(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.String } text when DurationText.TryParse(text.GetString()!, out var value) =>
            value >= least && value <= most
                ? value
                : Refuse(key, $"must be from {DurationText.Format(least)} to {DurationText.Format(most)}", fallback),
        { ValueKind: JsonValueKind.String } => Refuse(key, "must be a duration such as \"90s\", \"5m\" or \"1h30m\"", fallback),
        { ValueKind: JsonValueKind.Number } => Refuse(key, "must be a duration with its unit, such as \"30s\" or \"5m\"", fallback),
        { } other => Refuse(key, $"must be a duration such as \"5m\", and is {Kind(other)}", fallback),
    };

    /// <summary>A size in bytes.</summary>
    public long Size(string key, long fallback) => Element(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.String } text when SizeText.TryParse(text.GetString()!, out var value) => value,
        { ValueKind: JsonValueKind.String or JsonValueKind.Number } => Refuse(key, "must be a size such as \"512MiB\" or \"1GiB\" (B, KiB, MiB, GiB, TiB)", fallback),
        { } other => Refuse(key, $"must be a size such as \"512MiB\", and is {Kind(other)}", fallback),
    };

    /// <summary>An absolute path; null when it is not written.</summary>
    public string? AbsolutePath(string key) => Text(key) is { } path ? CheckPath(key, path) : null;

    /// <summary>An absolute path.</summary>
    public string AbsolutePath(string key, string fallback) => AbsolutePath(key) ?? fallback;

    /// <summary>One of some words, which are the names of an enumeration in camel case.</summary>
    public T Word<T>(string key, T fallback)
        where T : struct, Enum
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        return TryWord<T>(text, out var value) ? value : Refuse(key, Unknown<T>(text), fallback);
    }

    /// <summary>Reads one of the words of an enumeration.</summary>
    public static bool TryWord<T>(string text, out T value)
        where T : struct, Enum
    {
        value = Enum.GetValues<T>().FirstOrDefault(v => Camel(v) == text);
        return Camel(value) == text;
    }

    /// <summary>The complaint about a word that is none of an enumeration.</summary>
    public static string Unknown<T>(string text)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().Select(Camel).ToArray();
        var meant = NearMiss.Of(text, words) is { } near ? $"; did you mean \"{near}\"?" : "";
        return $"must be one of {string.Join(", ", words.Select(w => $"\"{w}\""))}{meant}";
    }

    /// <summary>Refuses every key nobody asked for. To be called last.</summary>
    public void Finish()
    {
        foreach (var name in _members.Keys.Where(name => !_known.Contains(name)))
        {
            var meant = NearMiss.Of(name, _known) is { } near ? $"; did you mean \"{near}\"?" : $"; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}";
            Fail(name, $"is not a known setting{meant}");
        }
    }

    private string CheckPath(string key, string path) =>
        path[0] == '/' && !path.Any(char.IsControl) && !path.Split('/').Contains("..")
            ? path
            : Refuse(key, "must be an absolute path without \"..\"", path);

    private JsonElement? Element(string key)
    {
        if (!_known.Contains(key))
        {
            _known.Add(key);
            _context.Know($"{_pattern}.{key}");
        }

        return _members.TryGetValue(key, out var element) ? element : null;
    }

    private List<JsonElement> Items(string key, string what) => Element(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 100 => Refuse<List<JsonElement>>(key, "must have at most 100 entries", []),
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        { } other => Refuse<List<JsonElement>>(key, $"must be a list of {what} […], and is {Kind(other)}", []),
    };

    private string At(string key) => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$')
        ? $"{Path}.{key}"
        : $"{Path}['{new string([.. key.Take(64).Select(c => char.IsControl(c) || c == '\'' ? '?' : c)])}']";

    private T Refuse<T>(string key, string message, T fallback)
    {
        Fail(key, message);
        return fallback;
    }

    private static string Camel<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
