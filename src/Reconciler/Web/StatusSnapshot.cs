using System.Text.Json;
using Reconciler.Reconciling;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>The host at one instant, as it is shown.</summary>
/// <param name="Status">As the core knows it.</param>
/// <param name="Document">As it is told.</param>
/// <param name="Json">The document, written.</param>
/// <param name="Id">Names what is told, whenever that was: two snapshots that tell the same have the same.</param>
internal sealed record StatusSnapshot(HostStatus Status, StatusDocument Document, ReadOnlyMemory<byte> Json, string Id)
{
    /// <summary>Takes a snapshot of a status.</summary>
    public static StatusSnapshot Of(HostStatus status, string version)
    {
        var document = StatusDocument.Of(status, version);
        return new StatusSnapshot(status, document, Write(document), SiteAnswer.TagOf(Write(Timeless(document))));
    }

    /// <summary>Whether it tells the same as another but for when it was put together.</summary>
    public bool TellsAs(StatusSnapshot other) => Id == other.Id && Document.DecidedAt == other.Document.DecidedAt;

    // That a pass decided the same again is no news.
    private static StatusDocument Timeless(StatusDocument document) => document with { At = default, DecidedAt = null };

    private static byte[] Write(StatusDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, WireJson.Default.StatusDocument);
}
