using System.Diagnostics;

namespace Reconciler.Tests.Cli;

/// <summary>Programs of the machine the tests run on.</summary>
internal static class Programs
{
    public static bool Has(string name) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    public static (int Code, string Output, string Error) Run(string program, params IEnumerable<string> arguments) => Run(new ProcessStartInfo(program, arguments));

    public static (int Code, string Output, string Error) Run(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
