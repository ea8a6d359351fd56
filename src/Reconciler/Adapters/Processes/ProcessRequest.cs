using System.Collections.Immutable;

namespace Reconciler.Adapters.Processes;

/// <summary>A program to run. Arguments are a list and never pass a shell; secrets belong in the environment or in files, never here.</summary>
internal sealed record ProcessRequest(string Program, ImmutableArray<string> Arguments)
{
    /// <summary>Makes a request of a program and its arguments.</summary>
    public static ProcessRequest Of(string program, params IEnumerable<string> arguments) => new(program, [.. arguments]);

    /// <summary>Flushes the file systems that hold these paths.</summary>
    public static ProcessRequest Sync(params IEnumerable<string> paths) => Of("sync", ["--file-system", .. paths]) with { Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>Variables added to the daemon's own; a null value removes one.</summary>
    public ImmutableDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Absolute path to run in; null for <c>/</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The whole process tree is killed after this time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Text for its standard input; null closes it at once.</summary>
    public string? Input { get; init; }

    /// <summary>Called for each line of either stream as it comes; may be called from two threads at once.</summary>
    public Action<ProcessLine>? OnLine { get; init; }

    /// <summary>At most this many characters of each stream are kept: the end of standard error, the beginning of standard output.</summary>
    public int KeepCharacters { get; init; } = 256 * 1024;
}

/// <summary>One line a program wrote.</summary>
/// <param name="IsError">Whether it came on standard error.</param>
/// <param name="Text">The line without its end; cut when very long.</param>
internal readonly record struct ProcessLine(bool IsError, string Text);
