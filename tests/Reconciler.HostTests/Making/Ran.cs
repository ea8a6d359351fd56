using System.Diagnostics;

namespace Reconciler.HostTests.Making;

/// <summary>A program that ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Standard output, without the last line break.</param>
/// <param name="Error">Standard error, without the last line break.</param>
internal sealed record Ran(int Code, string Output, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">It took longer than five minutes.</exception>
    public static async Task<Ran> ProgramAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Ran(process.ExitCode, (await output).TrimEnd('\n'), (await error).TrimEnd('\n'));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end");
        }
    }

    /// <summary>What it printed, when it exited with 0.</summary>
    /// <exception cref="InvalidOperationException">It exited with another code.</exception>
    public string Text(string what) => Code == 0 ? Output : throw new InvalidOperationException($"{what} exited with {Code}: {Output}\n{Error}");
}
