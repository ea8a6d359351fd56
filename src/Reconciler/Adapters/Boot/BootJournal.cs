using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>Reads what journalctl says of the boot before this one.</summary>
internal static class BootJournal
{
    private const int Longest = 300;

    /// <summary>Its last lines; null when that boot is the one with the given id, or there is none.</summary>
    /// <param name="lines">An object a line.</param>
    /// <param name="bootIdBefore">A boot id, as the kernel writes it.</param>
    public static JournalExcerpt? Read(string lines, string bootIdBefore)
    {
        var before = bootIdBefore.Replace("-", "", StringComparison.Ordinal);
        var text = ImmutableArray.CreateBuilder<string>();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Entry(line) is not var (boot, words))
            {
                continue;
            }

            if (boot == before)
            {
                return null;
            }

            text.Add(words);
        }

        return text.Count == 0 ? null : new JournalExcerpt([new UnitJournal("the boot that failed", text.ToImmutable())]);
    }

    private static (string Boot, string Words)? Entry(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var who = Text(document.RootElement, "SYSLOG_IDENTIFIER");
            var message = BootText.Line(Text(document.RootElement, "MESSAGE"), Longest);
            return (Text(document.RootElement, "_BOOT_ID"), who.Length == 0 ? message : $"{BootText.Line(who, 40)}: {message}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // cut, or not for people
        }
    }

    private static string Text(JsonElement entry, string field) =>
        entry.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";
}
