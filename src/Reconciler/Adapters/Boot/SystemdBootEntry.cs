using System.Text.RegularExpressions;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>One file of <c>loader/entries</c>.</summary>
/// <param name="Id">What systemd-boot calls it: the file's name without the counters of automatic boot assessment.</param>
/// <param name="Options">The kernel's command line.</param>
internal sealed partial record SystemdBootEntry(string Id, string Options)
{
    /// <summary>All entries of a folder; none when it cannot be read.</summary>
    public static IReadOnlyList<SystemdBootEntry> In(string folder)
    {
        try
        {
            return !Directory.Exists(folder) ? [] :
            [
                .. Directory.EnumerateFiles(folder, "*.conf").Order(StringComparer.Ordinal)
                    .Select(file => (Name: Path.GetFileName(file), Text: BootText.File(file)))
                    .Where(file => file.Text is not null)
                    .Select(file => Parse(file.Name, file.Text!)),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Reads one file.</summary>
    public static SystemdBootEntry Parse(string name, string text) =>
        new(Counters().Replace(name, ""), string.Join(' ', text.Split('\n').Select(line => line.Trim()).Where(IsOptions).Select(line => line["options".Length..].Trim())));

    /// <summary>Whether it boots a system.</summary>
    public bool Boots(Toplevel toplevel) => BootText.Starts(Options, toplevel);

    private static bool IsOptions(string line) => line.StartsWith("options ", StringComparison.Ordinal) || line.StartsWith("options\t", StringComparison.Ordinal);

    [GeneratedRegex(@"\+[0-9]+(-[0-9]+)?(?=\.conf$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Counters();
}
