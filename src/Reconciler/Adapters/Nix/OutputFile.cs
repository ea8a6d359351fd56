using System.Text;

namespace Reconciler.Adapters.Nix;

/// <summary>Follows a file that another process writes lines to.</summary>
internal sealed class OutputFile(string path, Action<string> onLine)
{
    private const int Chunk = 64 * 1024;
    private const int LongestLine = 16 * 1024;
    private const int MostAtOnce = 4 * 1024 * 1024;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private byte[]? _bytes;
    private char[]? _characters;
    private long _position;

    /// <summary>Passes on what was written since the last call. A missing file has nothing.</summary>
    /// <param name="isLast">Whether a line without end is passed on too.</param>
    public void Read(bool isLast = false)
    {
        try
        {
            using var file = Open(path);
            if (file.Length > _position)
            {
                Read(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Output is for reading along; the outcome does not come from here.
        }

        if (isLast && _line.Length > 0)
        {
            Emit();
        }
    }

    /// <summary>The end of a file, at most 64 KiB; empty when it cannot be read.</summary>
    public static string Tail(string path)
    {
        try
        {
            using var file = Open(path);
            file.Position = Math.Max(0, file.Length - Chunk);
            var bytes = new byte[Chunk];
            return Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, Chunk, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);

    private void Read(FileStream file)
    {
        file.Position = _position;
        var (bytes, characters) = (_bytes ??= new byte[Chunk], _characters ??= new char[Chunk + 1]);
        for (var total = 0; total < MostAtOnce && file.Read(bytes) is > 0 and var count; total += count)
        {
            _position += count;
            Take(characters.AsSpan(0, _decoder.GetChars(bytes, 0, count, characters, 0)));
        }
    }

    private void Take(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c == '\n')
            {
                Emit();
            }
            else if (c != '\r' && _line.Length < LongestLine)
            {
                _line.Append(c);
            }
        }
    }

    private void Emit()
    {
        onLine(_line.ToString());
        _line.Clear();
    }
}
