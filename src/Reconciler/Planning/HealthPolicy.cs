namespace Reconciler.Planning;

/// <summary>How the health gate counts probes.</summary>
internal sealed record HealthPolicy
{
    /// <summary>Failures in this time after activation are not counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between rounds at first.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between rounds once <see cref="SettleAfter"/> has passed.</summary>
    public TimeSpan LaterInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When the interval grows to <see cref="LaterInterval"/>, counted from activation.</summary>
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Rounds in a row in which all required checks pass before the system is called healthy.</summary>
    public int SuccessStreak { get; init; } = 3;

    /// <summary>Rounds in a row in which a required check fails before the system is called unhealthy.</summary>
    public int FailureLimit { get; init; } = 3;

    /// <summary>The system is not called healthy sooner than this after activation.</summary>
    public TimeSpan MinimumTrial { get; init; } = TimeSpan.FromSeconds(15);
}
