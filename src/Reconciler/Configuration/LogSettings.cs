namespace Reconciler.Configuration;

/// <summary>Section <c>log</c>.</summary>
/// <param name="Level">The least level that is written.</param>
internal sealed record LogSettings(LogThreshold Level)
{
    /// <summary>Reads the section.</summary>
    public static LogSettings Read(SettingsReader reader)
    {
        var settings = new LogSettings(reader.Word("level", LogThreshold.Information));
        reader.Finish();
        return settings;
    }
}

/// <summary>Levels of the daemon's log.</summary>
internal enum LogThreshold
{
    /// <summary>All there is.</summary>
    Debug,

    /// <summary>What happened.</summary>
    Information,

    /// <summary>What may need a look.</summary>
    Warning,

    /// <summary>What went wrong.</summary>
    Error,
}
