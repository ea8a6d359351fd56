using System.Text;

namespace Reconciler.Adapters.Nix;

/// <summary>
/// Reads files of systems nobody has agreed to: links are followed only as long as they stay in the store, and files are read only up to a limit.
/// </summary>
/// <remarks>The store holds folders, links and plain files, nothing else: what lies in it can be opened without waiting for anybody.</remarks>
internal sealed class StoreFiles(string store)
{
    private const int MostHops = 40;
    private readonly string _store = Path.GetFullPath(store).TrimEnd('/');

    /// <summary>The path with all links followed; null when one leads out of the store or nowhere.</summary>
    public string? Resolve(string path)
    {
        var waiting = new Stack<string>(PartsOf(path).Reverse());
        var resolved = "";
        for (var hops = 0; waiting.TryPop(out var part);)
        {
            if (part == "..")
            {
                resolved = resolved[..Math.Max(0, resolved.LastIndexOf('/'))];
                continue;
            }

            var next = $"{resolved}/{part}";
            if (!IsInside(next) || LinkAt(next) is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++hops > MostHops || (target.StartsWith('/') && !IsInside(target)))
            {
                return null;
            }

            resolved = target.StartsWith('/') ? "" : resolved;
            foreach (var piece in PartsOf(target).Reverse())
            {
                waiting.Push(piece);
            }
        }

        return IsInside(resolved) && Path.Exists(resolved) ? resolved : null;
    }

    /// <summary>What a link says, as it is written; null for anything else.</summary>
    public static string? LinkAt(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The beginning of a file's text; null when there is no such file in the store.</summary>
    /// <param name="path">Where it is, perhaps by links.</param>
    /// <param name="longest">At most this many characters are read.</param>
    public string? ReadText(string path, int longest)
    {
        try
        {
            if (Resolve(path) is not { } file || !File.Exists(file))
            {
                return null;
            }

            using var reader = new StreamReader(file, Encoding.UTF8);
            var text = new StringBuilder();
            var buffer = new char[4096];
            while (text.Length < longest && reader.Read(buffer, 0, Math.Min(buffer.Length, longest - text.Length)) is > 0 and var count)
            {
                text.Append(buffer, 0, count);
            }

            return text.ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What a folder holds, by name in order; empty when there is no such folder in the store.</summary>
    /// <param name="path">Where it is, perhaps by links.</param>
    /// <param name="most">At most this many are looked at.</param>
    public IReadOnlyList<string> List(string path, int most)
    {
        try
        {
            return Resolve(path) is { } folder && Directory.Exists(folder)
                ? [.. Directory.EnumerateFileSystemEntries(folder).Take(most).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> PartsOf(string path) => path.Split('/').Where(part => part is not ("" or "."));

    private bool IsInside(string path) => path.StartsWith(_store, StringComparison.Ordinal) && path.Length > _store.Length && path[_store.Length] == '/';
}
