using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>Section <c>reboot</c>.</summary>
internal sealed record RebootSettings
{
    private static readonly ImmutableArray<string> Loaders = ["auto", "systemd-boot", "grub", "none"];

    /// <summary>Which systems are tried by rebooting into them.</summary>
    public required RebootWhen When { get; init; }

    /// <summary>When such reboots may begin; null for the windows of maintenance, empty for at any time.</summary>
    public required ImmutableArray<WindowSettings>? Windows { get; init; }

    /// <summary>How long before a reboot it is announced.</summary>
    public required TimeSpan Notice { get; init; }

    /// <summary>Failures in this time after a boot are not counted.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>Whether programs that ask for no reboot are heard.</summary>
    public required bool RespectInhibitors { get; init; }

    /// <summary>How long the way back from a system that failed waits for them.</summary>
    public required TimeSpan ReturnPatience { get; init; }

    /// <summary>Whether nobody may be logged in.</summary>
    public required bool WaitForUsers { get; init; }

    /// <summary>The boot loader: <c>auto</c>, <c>systemd-boot</c>, <c>grub</c>, or <c>none</c> where none can boot an entry once.</summary>
    public required string BootLoader { get; init; }

    /// <summary>Reads the section.</summary>
    public static RebootSettings Read(SettingsReader reader)
    {
        var settings = new RebootSettings
        {
            When = reader.Word("when", RebootWhen.Never),
            Windows = reader.Sections("windows").Select(WindowSettings.Read).ToImmutableArray() is var windows && reader.Has("windows") ? windows : null,
            Notice = reader.Duration("notice", TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeSpan.FromHours(12)),
            WarmUp = reader.Duration("warmUp", TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeSpan.FromHours(1)),
            RespectInhibitors = reader.Flag("respectInhibitors", true),
            ReturnPatience = reader.Duration("returnPatience", TimeSpan.FromMinutes(30), TimeSpan.Zero, TimeSpan.FromDays(7)),
            WaitForUsers = reader.Flag("waitForUsers", false),
            BootLoader = reader.Text("bootLoader", Loaders[0], Loaders.Contains, "must be one of \"auto\", \"systemd-boot\", \"grub\", \"none\""),
        };
        if (settings is { When: not RebootWhen.Never, BootLoader: "none" })
        {
            reader.Fail("when", "must be \"never\" where bootLoader is \"none\": a system is only rebooted into when the boot loader can boot it once");
        }

        reader.Finish();
        return settings;
    }
}
