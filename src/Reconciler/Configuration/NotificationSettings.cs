using System.Collections.Immutable;

namespace Reconciler.Configuration;

/// <summary>Section <c>notifications</c>.</summary>
internal sealed record NotificationSettings
{
    /// <summary>The channels.</summary>
    public required ImmutableArray<ChannelSettings> Channels { get; init; }

    /// <summary>How long one kind of reason must hold for people to be given word of it.</summary>
    public required TimeSpan HeldAfter { get; init; }

    /// <summary>Reads the section.</summary>
    public static NotificationSettings Read(SettingsReader reader)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var settings = new NotificationSettings
        {
            Channels = [.. reader.Sections("channels").Select(entry => ChannelSettings.Read(entry, names))],
            HeldAfter = reader.Duration("heldAfter", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
        };
        if (settings.Channels.Length > 16)
        {
            reader.Fail("channels", "must be at most 16");
        }

        reader.Finish();
        return settings;
    }
}
