namespace Reconciler.Planning;

/// <summary>Waits that grow with each failure in a row.</summary>
internal sealed record Backoff
{
    /// <summary>Wait after the first failure.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>No wait is longer.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The wait after the given number of failures in a row: doubled each time, up to the longest.</summary>
    /// <param name="failures">From 1.</param>
    public TimeSpan After(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(failures);
        var doublings = Math.Min(failures - 1, 30);
        var ticks = First.Ticks * Math.Pow(2, doublings); // may be more than a TimeSpan can hold
        return ticks < Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : Longest;
    }
}
