using System.Collections.Immutable;

namespace Reconciler.Adapters.Nix;

/// <summary>A program to run apart from the daemon.</summary>
/// <param name="Unit">The unit's name; the same name finds it again.</param>
/// <param name="Description">For <c>systemctl status</c>.</param>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Timeout">It is killed after this time.</param>
internal sealed record DetachedRun(string Unit, string Description, string Program, ImmutableArray<string> Arguments, TimeSpan Timeout)
{
    /// <summary>Whether a run of this name that is under way is this very run. Otherwise it is waited for, and this one is started after it.</summary>
    public bool IsUnique { get; init; } = true;
}

/// <summary>How such a run ended. A closed set.</summary>
/// <param name="Output">The end of what it wrote.</param>
internal abstract record DetachedEnd(string Output)
{
    /// <summary>It exited with a code.</summary>
    public sealed record Exited(int Code, string Output) : DetachedEnd(Output);

    /// <summary>It did not exit by itself: <c>signal 9</c>, <c>timeout</c>.</summary>
    public sealed record Cut(string How, string Output) : DetachedEnd(Output);

    /// <summary>It was never started.</summary>
    public sealed record NotStarted(string Detail) : DetachedEnd("");

    /// <summary>It was never started: another run of ours was still under way when the time for waiting was up.</summary>
    public sealed record Busy(string Unit) : DetachedEnd("");
}

/// <summary>What is known of such a run. A closed set.</summary>
internal abstract record DetachedSighting
{
    private DetachedSighting() { }

    /// <summary>There is none of that name.</summary>
    public sealed record NotFound : DetachedSighting;

    /// <summary>It runs.</summary>
    /// <param name="MainProcess">The process whose end is the run's end; 0 when it is not known.</param>
    public sealed record Running(int MainProcess = 0) : DetachedSighting;

    /// <summary>It ended.</summary>
    public sealed record Ended(DetachedEnd End) : DetachedSighting;

    /// <summary>Nobody could say.</summary>
    public sealed record Unknown(string Detail) : DetachedSighting;
}
