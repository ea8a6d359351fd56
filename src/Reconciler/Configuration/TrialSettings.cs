namespace Reconciler.Configuration;

/// <summary>Section <c>trial</c>.</summary>
internal sealed record TrialSettings
{
    /// <summary>How long a trial may last before it is rolled back.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Failures in this time after activation are not counted.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>Time between rounds of probes at first.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Time between rounds once <see cref="SettleAfter"/> has passed.</summary>
    public required TimeSpan LaterInterval { get; init; }

    /// <summary>When the interval grows, counted from activation.</summary>
    public required TimeSpan SettleAfter { get; init; }

    /// <summary>Good rounds in a row that confirm.</summary>
    public required int SuccessStreak { get; init; }

    /// <summary>Bad rounds in a row of one required check that roll back.</summary>
    public required int FailureLimit { get; init; }

    /// <summary>Nothing is confirmed sooner than this after activation.</summary>
    public required TimeSpan Minimum { get; init; }

    /// <summary>How long the activation itself may take.</summary>
    public required TimeSpan ActivationTimeout { get; init; }

    /// <summary>How much later than the daemon would the dead-man's switch puts the host back.</summary>
    public required TimeSpan DeadMansGrace { get; init; }

    /// <summary>Reads the section.</summary>
    public static TrialSettings Read(SettingsReader reader)
    {
        var second = TimeSpan.FromSeconds(1);
        var day = TimeSpan.FromDays(1);
        var settings = new TrialSettings
        {
            Window = reader.Duration("window", TimeSpan.FromMinutes(5), 10 * second, day),
            WarmUp = reader.Duration("warmUp", 5 * second, TimeSpan.Zero, day),
            Interval = reader.Duration("interval", 5 * second, second, TimeSpan.FromHours(1)),
            LaterInterval = reader.Duration("laterInterval", 30 * second, second, TimeSpan.FromHours(1)),
            SettleAfter = reader.Duration("settleAfter", TimeSpan.FromMinutes(3), TimeSpan.Zero, day),
            SuccessStreak = reader.Number("successStreak", 3, 1, 1000),
            FailureLimit = reader.Number("failureLimit", 3, 1, 1000),
            Minimum = reader.Duration("minimum", 15 * second, TimeSpan.Zero, day),
            ActivationTimeout = reader.Duration("activationTimeout", TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1), day),
            DeadMansGrace = reader.Duration("deadMansGrace", TimeSpan.FromMinutes(2), 10 * second, TimeSpan.FromHours(1)),
        };
        reader.Finish();
        settings.Check(reader);
        return settings;
    }

    private void Check(SettingsReader reader)
    {
        var soonest = WarmUp + (Interval * SuccessStreak);
        if (Window <= soonest)
        {
            reader.Fail("window", $"is too short for a trial to pass: it must be longer than warmUp + successStreak × interval, which is {DurationText.Format(soonest)}");
        }
        else if (Window <= Minimum)
        {
            reader.Fail("window", $"must be longer than minimum, which is {DurationText.Format(Minimum)}");
        }

        if (LaterInterval < Interval)
        {
            reader.Fail("laterInterval", $"must not be shorter than interval, which is {DurationText.Format(Interval)}");
        }
    }
}
