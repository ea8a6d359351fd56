using System.Globalization;
using System.Text;

namespace Webhooks;

/// <summary>
/// One file, a fingerprint a line in hexadecimal, replaced as a whole: a crash leaves the old one or the new one. Lines that are none are
/// passed over, so a damaged file costs at most that a repeated delivery is heard once more.
/// </summary>
public sealed class FileDeliveryStore(string path) : IDeliveryStore
{
    private const int LongestFile = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public IReadOnlyList<UInt128> Load()
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > LongestFile)
            {
                return [];
            }

            return [.. File.ReadLines(path).Select(Parse).OfType<UInt128>()];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Save(IReadOnlyList<UInt128> fingerprints)
    {
        ArgumentNullException.ThrowIfNull(fingerprints);
        var fresh = path + ".new";
        try
        {
            using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
            {
                file.Write(Encoding.ASCII.GetBytes(string.Concat(fingerprints.Select(fingerprint => $"{fingerprint:x32}\n"))));
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static UInt128? Parse(string line) =>
        line.Length == 32 && UInt128.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var fingerprint) ? fingerprint : null;
}
