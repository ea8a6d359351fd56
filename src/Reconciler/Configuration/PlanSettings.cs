using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>Section <c>forge.plans</c>: what pull requests are told before they are merged.</summary>
internal sealed record PlanSettings
{
    /// <summary>Whether the heads of open pull requests are built and what they would change is written there.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Whether pull requests from other repositories are built, too.</summary>
    public required bool Forks { get; init; }

    /// <summary>Time between looks at the open pull requests.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long evaluating and building one may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How much memory evaluating one may take, in bytes.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary>Folders and files of the host that a configuration without flakes may read before it is merged: absolute paths.</summary>
    public required ImmutableArray<string> Readable { get; init; }

    /// <summary>How many open pull requests are planned at most; the latest changed come first.</summary>
    public required int Most { get; init; }

    /// <summary>Reads the section.</summary>
    public static PlanSettings Read(SettingsReader reader)
    {
        var settings = new PlanSettings
        {
            Enabled = reader.Flag("enabled", true),
            Forks = reader.Flag("forks", false),
            Interval = reader.Duration("interval", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)),
            Timeout = reader.Duration("timeout", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)),
            MemoryLimit = reader.Size("memoryLimit", 4L << 30),
            Readable = reader.Texts("readable"),
            Most = reader.Number("most", 20, 1, 100),
        };
        if (settings.MemoryLimit < 64L << 20)
        {
            reader.Fail("memoryLimit", "must be at least \"64MiB\"; evaluating a NixOS system takes about 1 GiB");
        }

        foreach (var path in settings.Readable.Where(path => !path.StartsWith('/')))
        {
            reader.Fail("readable", $"must hold absolute paths, such as \"/etc/nixos\", and holds \"{OneLine.Of(path)}\"");
        }

        reader.Finish();
        return settings;
    }
}
