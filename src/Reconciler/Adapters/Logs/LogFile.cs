using System.Globalization;
using System.Text;

namespace Reconciler.Adapters.Logs;

/// <summary>The log file of one deployment, shared by all who write or read it.</summary>
internal sealed class LogFile(long position, string path, long largest, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _tail = new();
    private FileStream? _stream;
    private TaskCompletionSource? _change;
    private long _tailBytes;
    private long _leftOut;
    private long _lost;
    private string _why = "";
    private long _failedAt;
    private bool _isBroken;
    private bool _isLineOpen;

    public long Position => position;

    public string Path => path;

    /// <summary>Open writers and readers; guarded by the owner.</summary>
    public int Users { get; set; }

    /// <summary>Open writers; guarded by the owner.</summary>
    public int Writers { get; set; }

    private long LargestHead => largest - (largest / 8);

    private long LargestTail => largest / 64;

    /// <summary>Completes when something was written after this call, or the log ended.</summary>
    public Task NextChange()
    {
        lock (_gate)
        {
            _change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _change.Task;
        }
    }

    /// <summary>Makes readers look again.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _change?.TrySetResult();
            _change = null;
        }
    }

    /// <summary>Writes a line, keeps it for the end when the file is at its limit, or counts it when the disk refuses.</summary>
    public void Write(string line)
    {
        var bytes = Encoding.UTF8.GetBytes($"{Now()} {LogLine.Clean(line)}\n");
        lock (_gate)
        {
            if (Writers == 0)
            {
                // The last writer was closed while this line was on its way.
                return;
            }

            if (_tail.Count > 0 || _leftOut > 0 || (Open() && _stream!.Length + bytes.Length > LargestHead))
            {
                KeepForTheEnd(bytes);
            }
            else if (!TryWriteAfterNote(bytes))
            {
                _lost++;
            }
        }

        Wake();
    }

    /// <summary>Writes what was kept for the end, says what is missing, and closes the file.</summary>
    /// <returns>How many lines were lost to trouble with the disk, and the trouble.</returns>
    public (long Lines, string Why) Finish()
    {
        lock (_gate)
        {
            if (_leftOut > 0)
            {
                var note = string.Create(CultureInfo.InvariantCulture, $"… cut: {_leftOut} lines were left out here, the file is at its limit of {largest} bytes");
                TryWriteWithin(Note(note));
            }

            while (_tail.TryDequeue(out var line))
            {
                if (!TryWriteWithin(line))
                {
                    _lost++;
                }
            }

            if (_isBroken && Open())
            {
                TryWriteNote();
            }

            var lost = (_lost, _why.Length > 0 ? _why : "the file is at its limit");
            Close();
            (_tailBytes, _leftOut, _lost, _why, _isBroken) = (0, 0, 0, "", false);
            return lost;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    private void KeepForTheEnd(byte[] line)
    {
        _tail.Enqueue(line);
        _tailBytes += line.Length;
        while (_tailBytes > LargestTail && _tail.TryDequeue(out var oldest))
        {
            _tailBytes -= oldest.Length;
            _leftOut++;
        }
    }

    private bool TryWriteWithin(byte[] line) => Open() && _stream!.Length + line.Length <= largest && TryWriteAfterNote(line);

    private bool TryWriteAfterNote(byte[] line) => Open() && (!_isBroken || TryWriteNote()) && TryWrite(line);

    private bool TryWriteNote()
    {
        var note = string.Create(CultureInfo.InvariantCulture, $"… {_lost} lines could not be written here: {_why}");
        if (!TryWrite(Note(note)))
        {
            return false;
        }

        _isBroken = false;
        return true;
    }

    private bool TryWrite(byte[] line)
    {
        try
        {
            // What a full disk cut off in the middle of a line is not continued by the next one.
            if (_isLineOpen)
            {
                _stream!.Write("\n"u8);
                _isLineOpen = false;
            }

            var before = _stream!.Length;
            try
            {
                _stream.Write(line);
            }
            catch (IOException)
            {
                _isLineOpen = _stream.Length > before;
                throw;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Break(e);
            return false;
        }
    }

    private bool Open()
    {
        if (_stream is not null)
        {
            return true;
        }

        if (_isBroken && clock.GetElapsedTime(_failedAt) < RetryAfter)
        {
            return false;
        }

        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            _isLineOpen = EndsWithinALine();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Break(e);
            return false;
        }
    }

    private bool EndsWithinALine()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private void Break(Exception e)
    {
        _isBroken = true;
        _failedAt = clock.GetTimestamp();
        _why = LogLine.Clean(e.Message);
        Close();
    }

    private void Close()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // Some file systems report a full disk only on close; nothing is left to be done about it.
        }

        _stream = null;
    }

    private byte[] Note(string text) => Encoding.UTF8.GetBytes($"{Now()} {text}\n");

    private string Now() => clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
