using System.Globalization;
using System.Text;

namespace Reconciler.Adapters.Nix;

/// <summary>
/// A small file that tells, after the machine went down, whether all that was built had reached the disk: in which boot the store was looked after,
/// when it was flushed last, and whether the daemon ended in order, with everything flushed.
/// </summary>
/// <remarks>Written so that it survives a power cut itself. One that is lost, or older than what happened since, makes the next look longer, never shorter.</remarks>
internal sealed class StoreMark(NixHostSettings settings)
{
    private const int Longest = 4096;

    private string FilePath => Path.Combine(settings.StateDirectory, "store-flushed");

    /// <summary>Begins to look after the store. True when it is suspect: the machine has restarted since, and not in order.</summary>
    /// <exception cref="IOException">The mark cannot be written.</exception>
    public bool Open(DateTimeOffset now)
    {
        var mark = Read();
        var isSameBoot = mark?.Boot == Boot();
        if (mark is { IsClosed: false } && !isSameBoot)
        {
            return true;
        }

        if (!isSameBoot || mark!.IsClosed)
        {
            Write(isSameBoot ? mark!.FlushedAt : now, isClosed: false); // others may have built while no daemon ran
        }

        return false;
    }

    /// <summary>When everything had reached the disk last; the beginning of time when that is not known.</summary>
    public DateTimeOffset FlushedAt => Read()?.FlushedAt ?? DateTimeOffset.UnixEpoch;

    /// <summary>All that was registered before this instant has reached the disk. Says nothing while the store is suspect: to flush what is damaged mends nothing.</summary>
    public void Flushed(DateTimeOffset at)
    {
        try
        {
            if (Read() is { } mark && mark.Boot == Boot())
            {
                Write(at, isClosed: false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The earlier mark stays, and the next look is longer.
        }
    }

    /// <summary>The store counts as sound from this instant on.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="isClosed">Whether the daemon ends in order.</param>
    /// <exception cref="IOException">The mark cannot be written.</exception>
    public void Write(DateTimeOffset at, bool isClosed)
    {
        Directory.CreateDirectory(settings.StateDirectory);
        var text = string.Create(CultureInfo.InvariantCulture, $"boot {Boot()}\nflushed {at.ToUnixTimeSeconds()}\n{(isClosed ? "closed\n" : "")}");
        using (var stream = new FileStream(FilePath + ".new", FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(FilePath + ".new", FilePath, overwrite: true);
        using var moved = new FileStream(FilePath, FileMode.Open, FileAccess.Write);
        moved.Flush(flushToDisk: true); // its new name too
    }

    private Mark? Read()
    {
        try
        {
            using var stream = File.OpenRead(FilePath);
            var bytes = new byte[Longest];
            return Parse(Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Mark("", DateTimeOffset.UnixEpoch, IsClosed: false);
        }
    }

    private static Mark Parse(string text)
    {
        var lines = text.Split('\n');
        var boot = lines.FirstOrDefault(line => line.StartsWith("boot ", StringComparison.Ordinal))?[5..] ?? "";
        var flushed = lines.FirstOrDefault(line => line.StartsWith("flushed ", StringComparison.Ordinal))?[8..];
        return new Mark(
            boot,
            long.TryParse(flushed, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_000
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : DateTimeOffset.UnixEpoch,
            lines.Contains("closed"));
    }

    private string Boot() => new SystemLinks(settings).Read().BootId;

    private sealed record Mark(string Boot, DateTimeOffset FlushedAt, bool IsClosed);
}
