using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Logs;

/// <summary>One file a deployment. Writers and readers live in this process, so that a reader is woken by the writer and never polls.</summary>
internal sealed partial class DeploymentLogs(DeploymentLogSettings settings, TimeProvider clock, ILogger<DeploymentLogs> logger) : IDeploymentLogs
{
    private const string Extension = ".log";
    private readonly Lock _gate = new();
    private readonly Dictionary<long, LogFile> _files = [];
    private long _endedUpTo;

    /// <inheritdoc/>
    public IDeploymentLog Open(DeploymentId deployment)
    {
        lock (_gate)
        {
            // One deployment is in flight at a time, and names count up: the ones before are over.
            End(deployment.Position - 1);
            Prune(keep: deployment.Position);
            var file = Rent(deployment.Position);
            file.Writers++;
            return new Writer(this, file);
        }
    }

    /// <inheritdoc/>
    public void Close(DeploymentId deployment)
    {
        lock (_gate)
        {
            End(deployment.Position);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadAsync(
        DeploymentId deployment, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = Borrow(deployment.Position);
        try
        {
            using var lines = new LineReader(file.Path);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // Both are asked for before the read: what is written after it is then seen the next time round.
                var change = file.NextChange();
                var isLast = !follow || IsOver(file);
                while (lines.Next(isLast) is { } line)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return line;
                }

                if (isLast)
                {
                    yield break;
                }

                await change.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Return(file);
        }
    }

    private bool IsOver(LogFile file)
    {
        lock (_gate)
        {
            return file.Writers == 0 && file.Position <= _endedUpTo;
        }
    }

    private void End(long position)
    {
        _endedUpTo = Math.Max(_endedUpTo, position);
        foreach (var file in _files.Values.Where(f => f.Position <= _endedUpTo))
        {
            file.Wake();
        }
    }

    private LogFile Borrow(long position)
    {
        lock (_gate)
        {
            return Rent(position);
        }
    }

    private LogFile Rent(long position)
    {
        if (!_files.TryGetValue(position, out var file))
        {
            file = new LogFile(position, PathOf(position), settings.LargestFile, clock);
            _files.Add(position, file);
        }

        file.Users++;
        return file;
    }

    private void Return(LogFile file)
    {
        lock (_gate)
        {
            if (--file.Users == 0)
            {
                _files.Remove(file.Position);
                file.Dispose();
            }
        }
    }

    private void CloseWriter(LogFile file)
    {
        lock (_gate)
        {
            if (--file.Writers == 0 && file.Finish() is { Lines: > 0 } lost)
            {
                LogLost(file.Path, lost.Lines, lost.Why);
            }

            // Readers look whether this was the last of it.
            file.Wake();
        }

        Return(file);
    }

    private void Prune(long keep)
    {
        try
        {
            Directory.CreateDirectory(settings.Folder);
            var old = Directory.EnumerateFiles(settings.Folder, "*" + Extension)
                .Select(PositionOf)
                .Where(p => p is not null && p != keep)
                .OrderByDescending(p => p)
                .Skip(Math.Max(settings.Files - 1, 0))
                .Where(p => !_files.ContainsKey(p!.Value));
            foreach (var position in old.ToList())
            {
                File.Delete(PathOf(position!.Value));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotPruned(settings.Folder, e.Message);
        }
    }

    private string PathOf(long position) => Path.Combine(settings.Folder, string.Create(CultureInfo.InvariantCulture, $"{position}{Extension}"));

    private static long? PositionOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;

    private sealed class Writer(DeploymentLogs owner, LogFile file) : IDeploymentLog
    {
        private int _isClosed;

        public void Write(string line)
        {
            if (Volatile.Read(ref _isClosed) == 0)
            {
                file.Write(line);
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                owner.CloseWriter(file);
            }
        }
    }

    /// <summary>Reads whole lines of a file that may grow, or not be there yet.</summary>
    private sealed class LineReader(string path) : IDisposable
    {
        private readonly byte[] _buffer = new byte[16 * 1024];
        private readonly List<byte> _line = [];
        private FileStream? _stream;
        private int _start;
        private int _end;

        /// <summary>The next line; null when there is none now. The last one needs no line end when nothing more comes.</summary>
        public string? Next(bool isLast)
        {
            while (true)
            {
                var rest = _buffer.AsSpan(_start, _end - _start);
                if (rest.IndexOf((byte)'\n') is >= 0 and var at)
                {
                    _line.AddRange(rest[..at]);
                    _start += at + 1;
                    return Take();
                }

                _line.AddRange(rest);
                _start = 0;
                _end = Fill();
                if (_end == 0)
                {
                    return isLast && _line.Count > 0 ? Take() : null;
                }
            }
        }

        public void Dispose() => _stream?.Dispose();

        private int Fill()
        {
            try
            {
                _stream ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                return _stream.Read(_buffer);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not written yet, or deleted, or the disk cannot be read: there is nothing to show.
                return 0;
            }
        }

        private string Take()
        {
            var line = Encoding.UTF8.GetString([.. _line]);
            _line.Clear();
            return line;
        }
    }
}
