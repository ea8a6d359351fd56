using System.Globalization;

namespace Reconciler.Configuration;

/// <summary>Sizes as they are written in configuration files: <c>512MiB</c>, <c>1GiB</c>. Binary units only, so that nobody has to guess.</summary>
internal static class SizeText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Reads a whole number and its unit. Says false for anything else.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = digits is < 1 or > 6 ? -1 : Array.IndexOf(Units, text[digits..]);
        if (unit < 0)
        {
            return false;
        }

        bytes = long.Parse(text.AsSpan(0, digits), CultureInfo.InvariantCulture) << (10 * unit);
        return true;
    }
}
