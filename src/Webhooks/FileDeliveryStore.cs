using System.Globalization;

namespace Webhooks;

/// <summary>
/// One file, a fingerprint a line in hexadecimal, replaced as a whole: a crash leaves the old one or the new one. Lines that are none are
/// passed over, so a damaged file costs at most that a repeated delivery is heard once more.
/// </summary>
public sealed class FileDeliveryStore(string path) : IDeliveryStore
{
    private const int LineLength = 32;
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
                Write(file, fingerprints);
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static void Write(FileStream file, IReadOnlyList<UInt128> fingerprints)
    {
        Span<byte> line = stackalloc byte[LineLength + 1];
        line[LineLength] = (byte)'\n';
        foreach (var fingerprint in fingerprints)
        {
            fingerprint.TryFormat(line, out _, "x32", CultureInfo.InvariantCulture);
            file.Write(line);
        }
    }

    private static UInt128? Parse(string line) =>
        line.Length == LineLength && UInt128.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var fingerprint) ? fingerprint : null;
}
