using System.Text.Json;

namespace Reconciler.Adapters.Nix;

/// <summary>A registered store path.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="RegisteredAt">When Nix registered it; the beginning of time when it does not say.</param>
/// <param name="NarSize">Bytes of its archive; 0 when Nix does not say.</param>
internal sealed record StorePath(string Path, DateTimeOffset RegisteredAt, long NarSize)
{
    /// <summary>Reads what <c>nix path-info --json</c> says; null when it is not understood.</summary>
    /// <remarks>
    /// Nix to 2.18 writes a list of objects with their path, 2.19 and later an object by path. Newer formats have that object in <c>info</c>, by name
    /// in the folder of <c>storeDir</c>.
    /// </remarks>
    public static IReadOnlyList<StorePath>? Parse(string json, string storeDirectory)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement switch
            {
                { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => Of(item.GetProperty("path").GetString()!, item))],
                { ValueKind: JsonValueKind.Object } map => [.. Entries(map).Select(entry => Of(Absolute(entry.Name, storeDirectory), entry.Value))],
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static JsonElement.ObjectEnumerator Entries(JsonElement map) =>
        (map.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object ? info : map).EnumerateObject();

    private static string Absolute(string name, string storeDirectory) => name.StartsWith('/') ? name : $"{storeDirectory}/{name}";

    private static StorePath Of(string path, JsonElement item) => new(
        path,
        Number(item, "registrationTime") is var seconds && seconds is > 0 and < 253_402_300_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch,
        Number(item, "narSize"));

    private static long Number(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : 0;
}
