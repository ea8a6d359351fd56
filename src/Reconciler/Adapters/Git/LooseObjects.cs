using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;

namespace Reconciler.Adapters.Git;

/// <summary>Looks for loose objects that were cut short, as by a power cut: libgit2 reads such a file for ever.</summary>
/// <remarks>
/// Objects that were found whole are remembered, so a second look costs a listing. A mirror that is only fetched into has no loose objects at all.
/// Safe to call from several threads.
/// </remarks>
internal sealed class LooseObjects
{
    private readonly ConcurrentDictionary<string, (long Length, DateTime Written)> _whole = new(StringComparer.Ordinal);

    /// <summary>How many loose objects the last looks found whole.</summary>
    public int Known => _whole.Count;

    /// <summary>The first damaged loose object under an <c>objects</c> directory; null when all are whole.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public string? FindDamaged(string objects)
    {
        if (!Directory.Exists(objects))
        {
            return null;
        }

        foreach (var folder in Directory.EnumerateDirectories(objects, "??"))
        {
            if (!IsHexadecimal(Path.GetFileName(folder)))
            {
                continue;
            }

            foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            {
                if (file.Name.Length is not (38 or 62) || !IsHexadecimal(file.Name))
                {
                    continue;
                }

                var seen = (file.Length, file.LastWriteTimeUtc);
                if (_whole.TryGetValue(file.FullName, out var known) && known == seen)
                {
                    continue;
                }

                if (!IsWhole(file.FullName))
                {
                    return file.FullName;
                }

                _whole[file.FullName] = seen;
            }
        }

        return null;
    }

    /// <summary>Forgets what was found whole.</summary>
    public void Forget() => _whole.Clear();

    /// <summary>Whether a file inflates to as many bytes as its header promises.</summary>
    private static bool IsWhole(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var inflated = new ZLibStream(file, CompressionMode.Decompress);
            var buffer = new byte[32 * 1024];
            var count = inflated.ReadAtLeast(buffer, 64, throwOnEndOfStream: false);
            var end = buffer.AsSpan(0, Math.Min(count, 64)).IndexOf((byte)0);
            if (end < 0)
            {
                return false;
            }

            var header = Encoding.ASCII.GetString(buffer, 0, end).Split(' ');
            if (header is not ["commit" or "tree" or "blob" or "tag", var length] || !long.TryParse(length, out var promised))
            {
                return false;
            }

            long content = count - end - 1;
            while ((count = inflated.Read(buffer)) > 0)
            {
                content += count;
            }

            return content == promised;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        catch (FileNotFoundException)
        {
            return true; // packed in the meantime
        }
    }

    private static bool IsHexadecimal(string name) => name.All(char.IsAsciiHexDigitLower);
}
