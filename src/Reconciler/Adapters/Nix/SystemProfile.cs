using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Reads a Nix profile: <c>system</c> is a link to <c>system-42-link</c>, and that one a link into the store.</summary>
internal sealed class SystemProfile(string profile, string storeDirectory)
{
    private readonly string _folder = Path.GetDirectoryName(profile)!;
    private readonly string _prefix = Path.GetFileName(profile) + "-";

    /// <summary>Every generation, newest first. One whose link leads out of the store is left out.</summary>
    public IReadOnlyList<Generation> Read()
    {
        var current = CurrentNumber();
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries(_folder, _prefix + "*-link")
                    .Select(link => ReadOne(link, current)).OfType<Generation>()
                    .OrderByDescending(generation => generation.Number),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The generation the profile points at; null when there is none.</summary>
    public Generation? Current() => CurrentNumber() is { } number ? ReadOne(Path.Combine(_folder, $"{_prefix}{number}-link"), number) : null;

    private int? CurrentNumber() => Links.Read(profile) is { } link ? NumberOf(link) : null;

    private int? NumberOf(string link)
    {
        var name = Path.GetFileName(link.AsSpan());
        return name.StartsWith(_prefix, StringComparison.Ordinal) && name.EndsWith("-link", StringComparison.Ordinal)
            && name.Length > _prefix.Length + 5
            && int.TryParse(name[_prefix.Length..^5], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private Generation? ReadOne(string link, int? current) =>
        NumberOf(link) is { } number && Toplevel.TryParse(Links.FollowInto(storeDirectory, link), out var toplevel)
            ? new Generation(number, toplevel, new DateTimeOffset(new FileInfo(link).LastWriteTimeUtc), number == current)
            : null;
}
