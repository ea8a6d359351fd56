using System.Buffers;
using System.Text;
using Reconciler.Model;

namespace Reconciler.Web.Pages;

/// <summary>The one encoder: makes any text fit to stand between tags and between the quotes of an attribute.</summary>
internal static class HtmlText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n\t.,:;-_/+*=()[]{}!?@#$%^|~`\\");

    /// <summary>The text, encoded. What shows nothing of its own, such as direction marks, is shown as a replacement character.</summary>
    public static string Encode(string? text)
    {
        if (text is null || !text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text ?? "";
        }

        var encoded = new StringBuilder(text.Length + 32);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(encoded, rune);
        }

        return encoded.ToString();
    }

    private static void Append(StringBuilder encoded, Rune rune)
    {
        switch (rune.Value)
        {
            case '&':
                encoded.Append("&amp;");
                break;
            case '<':
                encoded.Append("&lt;");
                break;
            case '>':
                encoded.Append("&gt;");
                break;
            case '"':
                encoded.Append("&quot;");
                break;
            case '\'':
                encoded.Append("&#39;");
                break;
            case '\n' or '\t':
                encoded.Append((char)rune.Value);
                break;
            default:
                encoded.Append((Printable.IsInvisible(rune) ? Rune.ReplacementChar : rune).ToString());
                break;
        }
    }
}
