using System.Diagnostics.CodeAnalysis;

namespace Reconciler.Model;

/// <summary>A git commit a host may be asked to run, by its full object id (40 or 64 lower-case hexadecimal digits).</summary>
internal readonly record struct Revision
{
    private readonly string? _sha;

    /// <summary>Takes a full object id.</summary>
    /// <exception cref="ArgumentException">It is not a full, lower-case object id.</exception>
    public Revision(string sha) => _sha = IsObjectId(sha) ? sha : throw new ArgumentException($"'{sha}' is not a full git object id.", nameof(sha));

    /// <summary>The full object id.</summary>
    public string Sha => _sha ?? throw new InvalidOperationException("A revision without an object id was used.");

    /// <summary>The first seven digits, for people.</summary>
    public string Short => Sha[..7];

    /// <summary>Reads a full object id; says false for anything else, short ids and ref names included.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Revision revision)
    {
        var known = IsObjectId(text);
        revision = known ? new Revision(text!) : default;
        return known;
    }

    public override string ToString() => Short;

    private static bool IsObjectId(string? text) =>
        text is { Length: 40 or 64 } && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
