namespace Reconciler.Model;

/// <summary>A host, as the repository names it: the flake's attribute, and part of ref names and unit names.</summary>
internal readonly record struct HostName
{
    private readonly string? _name;

    /// <summary>Takes a host name.</summary>
    /// <exception cref="ArgumentException">It is not 1 to 63 letters, digits, '-' or '_', beginning with a letter or digit.</exception>
    public HostName(string name) => _name = IsValid(name) ? name : throw new ArgumentException($"'{name}' is not a host name.", nameof(name));

    public override string ToString() => _name ?? throw new InvalidOperationException("A host without a name was used.");

    /// <summary>Whether the text can be a host name.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= 63 } && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
