using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>A profile beside the system profile, whose only generation is the system that is to be booted once.</summary>
/// <remarks>
/// The installers of systemd-boot and of GRUB write entries for the generations of all profiles in this folder, and keep as default the
/// system that wrote the menu. GRUB's leaves out a profile whose name has characters other than letters, digits and underscores.
/// </remarks>
internal sealed class TrialProfile(string folder)
{
    /// <summary>Its name, which the boot menu shows.</summary>
    public const string Name = "reconciler_trial";

    /// <summary>Its link.</summary>
    public string Link => Path.Combine(folder, Name);

    /// <summary>Whether it, or a generation of it, is there.</summary>
    public bool Exists => Links().Count > 0;

    /// <summary>Makes the folder it lies in.</summary>
    /// <exception cref="IOException">That cannot be done.</exception>
    public void Prepare() => Directory.CreateDirectory(folder);

    /// <summary>Whether it leads to this system.</summary>
    public bool LeadsTo(Toplevel toplevel)
    {
        var link = new FileInfo(Link);
        return link.LinkTarget is { } generation
            && new FileInfo(Path.GetFullPath(generation, folder)).LinkTarget == toplevel.Path;
    }

    /// <summary>Removes it with its generations: the link first, so that it never leads nowhere.</summary>
    /// <exception cref="IOException">A link cannot be removed.</exception>
    public void Remove()
    {
        foreach (var link in Links())
        {
            File.Delete(link);
        }
    }

    private List<string> Links() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFileSystemEntries(folder, Name + "*").Where(link => IsOurs(Path.GetFileName(link))).Order(StringComparer.Ordinal),
    ];

    private static bool IsOurs(string name) =>
        name == Name
        || (name.StartsWith(Name + "-", StringComparison.Ordinal) && name.EndsWith("-link", StringComparison.Ordinal) && name.Length > Name.Length + 6
            && int.TryParse(name.AsSpan(Name.Length + 1, name.Length - Name.Length - 6), NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
