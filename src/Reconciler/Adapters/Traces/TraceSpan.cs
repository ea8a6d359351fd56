using System.Collections.Immutable;

namespace Reconciler.Adapters.Traces;

/// <summary>A stretch of time in a trace.</summary>
internal sealed record TraceSpan
{
    /// <summary>Its trace: 32 hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>Its own id: 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the span it is part of; null for the root.</summary>
    public string? Parent { get; init; }

    /// <summary>What was done; one of few words, so that it can be searched for.</summary>
    public required string Name { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>When it ended; never before it began.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>What else is known: text, or a <see cref="long"/>.</summary>
    public ImmutableArray<(string Key, object Value)> Attributes { get; init; } = [];

    /// <summary>What happened in it, and when.</summary>
    public ImmutableArray<(DateTimeOffset At, string Name)> Events { get; init; } = [];

    /// <summary>Whether it ended well; null when neither can be said.</summary>
    public bool? IsGood { get; init; }

    /// <summary>Why it ended badly; empty when it did not.</summary>
    public string Trouble { get; init; } = "";
}
