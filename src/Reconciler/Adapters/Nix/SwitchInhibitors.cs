using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Adapters.Rim;
using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Facts of a system that must not change while it runs, from its file <c>switch-inhibitors</c>.</summary>
internal static class SwitchInhibitors
{
    private const int LongestFile = 256 * 1024;
    private const int MostNamed = 20;

    /// <summary>The inhibitors that both systems have with different values, as <c>name: before → after</c>, sorted.</summary>
    public static ImmutableArray<string> Between(Toplevel running, Toplevel target) => Differing(ReadFile(running), ReadFile(target));

    /// <summary>Compares two such files; a text that is not a JSON object has no inhibitors.</summary>
    public static ImmutableArray<string> Differing(string before, string after)
    {
        var old = Parse(before);
        return
        [
            .. Parse(after).Where(pair => old.TryGetValue(pair.Key, out var was) && was != pair.Value)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal).Take(MostNamed)
                .Select(pair => PlainText.Line($"{pair.Key}: {old[pair.Key]} → {pair.Value}", 200)),
        ];
    }

    private static Dictionary<string, string> Parse(string json)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json.Length == 0 ? "{}" : json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    found[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An older format, or none of ours, or text that is none: the switch's own check has the last word.
        }

        return found;
    }

    private static string ReadFile(Toplevel toplevel) => SmallFile.Read($"{toplevel}/switch-inhibitors", LongestFile) ?? "";
}
