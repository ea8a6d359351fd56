using System.Diagnostics;

namespace Reconciler.Adapters.Git;

/// <summary>How a call of git ended; free of secrets. A closed set.</summary>
internal abstract record GitOutcome
{
    private const int LongestDescription = 600;

    private GitOutcome() { }

    /// <summary>It exited with 0.</summary>
    public sealed record Succeeded(string Output, string Error) : GitOutcome;

    /// <summary>It exited with something else.</summary>
    /// <param name="Code">Its exit code; 128 + n for signal n as well as git's own 128.</param>
    /// <param name="Output">The beginning of its standard output.</param>
    /// <param name="Error">The end of its standard error.</param>
    public sealed record Exited(int Code, string Output, string Error) : GitOutcome;

    /// <summary>It ran into its time limit and was killed.</summary>
    public sealed record TimedOut(TimeSpan Limit, string Error) : GitOutcome;

    /// <summary>It was not run: the program is missing, or the remote's address, key or token is no good. Says cause and cure.</summary>
    public sealed record NotRun(string Detail) : GitOutcome;

    /// <summary>Whether it exited with 0.</summary>
    public bool IsSuccess => this is Succeeded;

    /// <summary>The output of a success; empty for anything else.</summary>
    public string OutputOrEmpty => this is Succeeded { Output: var output } ? output : "";

    /// <summary>What happened in one bounded line, for people.</summary>
    public string Describe(string what) => this switch
    {
        Succeeded => $"{what} succeeded",
        Exited e => Bounded($"{what} exited with {e.Code}: {GitComplaint.Of(e.Error)}"),
        TimedOut t => Bounded($"{what} did not end within {t.Limit.TotalSeconds:0.#} s"),
        NotRun n => Bounded(n.Detail),
        _ => throw new UnreachableException(),
    };

    private static string Bounded(string text) => text.Length > LongestDescription ? text[..LongestDescription] + "…" : text;
}
