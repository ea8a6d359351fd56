namespace Reconciler.Cli;

/// <summary>What is known of the terminal.</summary>
/// <param name="IsOutput">Whether results go to a terminal.</param>
/// <param name="IsInput">Whether questions can be answered.</param>
/// <param name="Width">Columns, when results go to a terminal.</param>
/// <param name="HasColour">Whether colours are wanted.</param>
internal sealed record TerminalTraits(bool IsOutput, bool IsInput, int Width, bool HasColour)
{
    private const int LeastWidth = 40;
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>No terminal at all: plain text of any width.</summary>
    public static TerminalTraits None { get; } = new(false, false, 80, false);

    /// <summary>Whether it understands more than lines of text: bold, and a cursor that moves.</summary>
    public bool HasAnsi { get; init; } = IsOutput;

    /// <summary>Whether it shows characters beyond ASCII.</summary>
    public bool IsUnicode { get; init; } = true;

    /// <summary>Columns and lines at this instant: a window may be made larger or smaller.</summary>
    public Func<(int Width, int Height)> Measure { get; init; } = () => (Width, 24);

    /// <summary>Asks the process's own standard streams and environment.</summary>
    public static TerminalTraits OfThisProcess() =>
        Of(!Console.IsOutputRedirected, !Console.IsInputRedirected, Environment.GetEnvironmentVariable, SizeOfConsole);

    /// <summary>Judges by an environment.</summary>
    public static TerminalTraits Of(bool isOutput, bool isInput, Func<string, string?> variable, Func<(int Width, int Height)> measure)
    {
        var hasAnsi = isOutput && variable("TERM") is not (null or "" or "dumb");
        return new TerminalTraits(isOutput, isInput, isOutput ? measure().Width : 80, hasAnsi && string.IsNullOrEmpty(variable("NO_COLOR")))
        {
            HasAnsi = hasAnsi,
            IsUnicode = IsUtf8(variable),
            Measure = measure,
        };
    }

    // As the C library chooses: the first that is set to something decides.
    private static bool IsUtf8(Func<string, string?> variable)
    {
        var locale = LocaleVariables.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }

    private static (int Width, int Height) SizeOfConsole()
    {
        try
        {
            return (Console.WindowWidth is var width and >= LeastWidth ? width : 80, Console.WindowHeight is var height and > 2 ? height : 24);
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }
}
