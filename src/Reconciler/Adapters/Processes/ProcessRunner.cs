using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Reconciler.Adapters.Processes;

/// <summary>The only place that starts a program.</summary>
internal sealed class ProcessRunner(TimeProvider clock) : IProcessRunner
{
    private const int LongestLine = 16 * 1024;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (HasNul(request))
        {
            // The system's own call would silently take the text before it.
            return new ProcessOutcome.NotStarted("its name, an argument or a variable holds a NUL character");
        }

        using var process = new Process { StartInfo = StartInfoOf(request) };
        var began = clock.GetTimestamp();
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return new ProcessOutcome.NotStarted(e.Message);
        }

        var output = new BoundedText(request.KeepCharacters, keepEnd: false);
        var error = new BoundedText(request.KeepCharacters, keepEnd: true);
        using var limit = new CancellationTokenSource(request.Timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var drained = new CancellationTokenSource();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, isError: false, output, request.OnLine, drained.Token),
            ReadAsync(process.StandardError.BaseStream, isError: true, error, request.OnLine, drained.Token));
        var writing = WriteAsync(process.StandardInput, request.Input, drained.Token);
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            await DrainAsync(Task.WhenAll(reading, writing), drained);
            cancellationToken.ThrowIfCancellationRequested();
            return new ProcessOutcome.TimedOut(request.Timeout, error.ToString());
        }

        // A grandchild may hold the pipes open after the program itself has ended; it is not waited for.
        await DrainAsync(Task.WhenAll(reading, writing), drained);
        return new ProcessOutcome.Exited(process.ExitCode, output.ToString(), error.ToString(), clock.GetElapsedTime(began));
    }

    private static ProcessStartInfo StartInfoOf(ProcessRequest request)
    {
        var info = new ProcessStartInfo(request.Program, request.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = request.WorkingDirectory ?? "/",
            UseShellExecute = false,
        };
        foreach (var (name, value) in request.Environment)
        {
            if (value is null)
            {
                info.Environment.Remove(name);
            }
            else
            {
                info.Environment[name] = value;
            }
        }

        return info;
    }

    private static async Task ReadAsync(
        Stream stream, bool isError, BoundedText kept, Action<ProcessLine>? onLine, CancellationToken cancellationToken)
    {
        // The process's own readers take a byte order mark for an order to change the encoding; what a program writes is UTF-8 here.
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var buffer = new char[4096];
        var line = new StringBuilder();
        ExceptionDispatchInfo? trouble = null;
        try
        {
            while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                kept.Add(buffer.AsSpan(0, count));
                foreach (var c in buffer.AsSpan(0, count))
                {
                    if (c == '\n')
                    {
                        Emit();
                    }
                    else if (c != '\r' && line.Length < LongestLine)
                    {
                        line.Append(c);
                    }
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The pipe was left to a grandchild, or broke with the process: what was read is what there is.
        }

        if (line.Length > 0)
        {
            Emit();
        }

        trouble?.Throw();

        void Emit()
        {
            var text = line.ToString();
            line.Clear();
            try
            {
                if (trouble is null)
                {
                    onLine?.Invoke(new ProcessLine(isError, text));
                }
            }
            catch (Exception e)
            {
                // The pipe is read on, or the program would wait for ever to be heard; the bug is thrown when it has ended.
                trouble = ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    private static async Task WriteAsync(StreamWriter standardInput, string? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
            {
                await standardInput.WriteAsync(input.AsMemory(), cancellationToken);
                await standardInput.FlushAsync(cancellationToken);
            }

            standardInput.Close();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The program did not read its input to the end; that is its right.
        }
    }

    private async Task DrainAsync(Task pipes, CancellationTokenSource drained)
    {
        using var enough = new CancellationTokenSource();
        var first = await Task.WhenAny(pipes, Task.Delay(DrainTime, clock, enough.Token));
        await (first == pipes ? enough : drained).CancelAsync();
        await pipes;
    }

    private static bool HasNul(ProcessRequest request) =>
        request.Arguments.Append(request.Program).Append(request.WorkingDirectory ?? "")
            .Concat(request.Environment.Keys)
            .Concat(request.Environment.Values)
            .Any(text => text?.Contains('\0', StringComparison.Ordinal) == true);

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It ended on its own in the meantime.
        }
    }
}
