using Reconciler.Adapters.Processes;
using Reconciler.Adapters.Rim;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>Reads small files and texts from outside, and bounds them.</summary>
internal static class BootText
{
    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>One clean line of at most so many characters.</summary>
    public static string Line(string text, int longest = 200) => OneLine.Of(text, longest);

    /// <summary>How a program failed, in one line.</summary>
    public static string Of(ProcessOutcome outcome, string program) => Line(outcome.Describe(program), 300);

    /// <summary>A text file; null when it cannot be read, or is larger than any menu.</summary>
    public static string? File(string path) => SmallFile.Read(path, LargestFile);

    /// <summary>Whether a command line of a kernel starts this system.</summary>
    public static bool Starts(string commandLine, Toplevel toplevel) =>
        commandLine.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Contains($"init={toplevel}/init");
}
