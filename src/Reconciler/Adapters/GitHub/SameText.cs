namespace Reconciler.Adapters.GitHub;

/// <summary>Compares what was sent with what GitHub gives back.</summary>
internal static class SameText
{
    /// <summary>Whether two texts are the same but for line ends and white space around them: GitHub's web editor writes CRLF.</summary>
    public static bool Is(string? one, string? other) => Plain(one) == Plain(other);

    private static string Plain(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim();
}
