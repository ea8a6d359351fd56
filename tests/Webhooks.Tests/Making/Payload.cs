namespace Webhooks.Tests.Making;

/// <summary>The recorded and written bodies.</summary>
internal static class Payload
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Payloads");

    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Root, path + ".json"));

    /// <summary>Every body of one sender, in a fixed order, by file name without ending.</summary>
    public static IReadOnlyList<(string Name, byte[] Body)> All(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.json")
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path))),
    ];
}
