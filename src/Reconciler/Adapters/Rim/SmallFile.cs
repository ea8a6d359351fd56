namespace Reconciler.Adapters.Rim;

/// <summary>Reads text files that are small when they are what they should be.</summary>
internal static class SmallFile
{
    /// <summary>The text; null when it cannot be read, or is larger than it may be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">How many bytes it may have.</param>
    public static string? Read(string path, int most)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file && file.Length <= most ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
