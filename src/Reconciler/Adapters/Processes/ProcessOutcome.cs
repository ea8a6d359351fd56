namespace Reconciler.Adapters.Processes;

/// <summary>How running a program ended. A closed set.</summary>
internal abstract record ProcessOutcome
{
    private ProcessOutcome() { }

    /// <summary>It ended by itself.</summary>
    /// <param name="Code">Its exit code; 128 + n for signal n.</param>
    /// <param name="Output">What it wrote on standard output, bounded.</param>
    /// <param name="Error">The end of what it wrote on standard error, bounded.</param>
    /// <param name="Took">Wall-clock time.</param>
    public sealed record Exited(int Code, string Output, string Error, TimeSpan Took) : ProcessOutcome
    {
        /// <summary>Whether it exited with 0.</summary>
        public bool Succeeded => Code == 0;
    }

    /// <summary>It ran into its time limit and was killed, with all its children.</summary>
    public sealed record TimedOut(TimeSpan Limit, string Error) : ProcessOutcome;

    /// <summary>It could not be started: missing, not executable, no memory.</summary>
    public sealed record NotStarted(string Detail) : ProcessOutcome;

    /// <summary>Whether it ran and exited with 0.</summary>
    public bool IsSuccess => this is Exited { Code: 0 };

    /// <summary>What happened in one line, for people.</summary>
    public string Describe(string program) => this switch
    {
        Exited { Code: 0 } => $"{program} succeeded",
        Exited { Code: > 128 and var code } e => $"{program} was killed by signal {code - 128}{LastLine(e.Error)}",
        Exited e => $"{program} exited with {e.Code}{LastLine(e.Error)}",
        TimedOut t => $"{program} did not end within {t.Limit.TotalSeconds:0} s{LastLine(t.Error)}",
        NotStarted n => $"{program} could not be started: {n.Detail}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string LastLine(string text)
    {
        var trimmed = text.AsSpan().TrimEnd();
        var line = trimmed[(trimmed.LastIndexOf('\n') + 1)..].Trim();
        return line.IsEmpty ? "" : $": {(line.Length > 300 ? line[..300] : line)}";
    }
}
