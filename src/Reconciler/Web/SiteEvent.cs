using System.Globalization;
using System.Text;

namespace Reconciler.Web;

/// <summary>One server-sent event.</summary>
/// <param name="Name">What sort it is.</param>
/// <param name="Id">What a reader that comes back says it saw last; null when it need not say.</param>
/// <param name="Data">Its content.</param>
internal sealed record SiteEvent(string Name, string? Id, string Data)
{
    /// <summary>As it is sent.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        if (Id is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"id: {Id}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"event: {Name}\n");
        foreach (var line in Data.ReplaceLineEndings("\n").Split('\n'))
        {
            text.Append(CultureInfo.InvariantCulture, $"data: {line}\n");
        }

        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }
}
