namespace Reconciler.Model;

/// <summary>The absolute store path of one whole NixOS system.</summary>
internal readonly record struct Toplevel
{
    private readonly string? _path;

    /// <summary>Takes an absolute path.</summary>
    /// <exception cref="ArgumentException">The path is relative, or holds characters no store path has.</exception>
    public Toplevel(string path) => _path = IsStorePath(path) ? path : throw new ArgumentException($"'{path}' is not an absolute store path.", nameof(path));

    /// <summary>The absolute path.</summary>
    public string Path => _path ?? throw new InvalidOperationException("A toplevel without a path was used.");

    /// <summary>The part after the hash, such as <c>nixos-system-web1-24.05</c>, for people.</summary>
    public string Name => LastPart is { Length: > 33 } last && last[32] == '-' ? last[33..] : LastPart;

    private string LastPart => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The name; where the other system has the same, as is common, with the first digits of the hash, to tell them apart.</summary>
    public string NameBeside(Toplevel other) =>
        Name != other.Name || Path == other.Path ? Name : Name == LastPart ? Path : $"{Name} ({LastPart[..7]}…)";

    /// <summary>Reads an absolute path; says false for anything else.</summary>
    public static bool TryParse(string? text, out Toplevel toplevel)
    {
        var known = text is not null && IsStorePath(text);
        toplevel = known ? new Toplevel(text!) : default;
        return known;
    }

    public override string ToString() => Path;

    private static bool IsStorePath(string path) =>
        path.Length > 1 && path[0] == '/' && path[^1] != '/' && !path.Split('/').Any(part => part is "." or "..")
        && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '.' or '_' or '+' or '?' or '=');
}
