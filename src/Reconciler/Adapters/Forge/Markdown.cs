namespace Reconciler.Adapters.Forge;

/// <summary>Pieces of Markdown that stay harmless whatever text is put into them.</summary>
internal static class Markdown
{
    /// <summary>The most characters a description or comment may have, as GitHub counts; the other forges allow more.</summary>
    public const int LongestBody = 65_536;
}
