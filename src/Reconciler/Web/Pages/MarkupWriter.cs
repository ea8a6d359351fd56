using System.Globalization;
using System.Runtime.CompilerServices;

namespace Reconciler.Web.Pages;

/// <summary>Takes the parts of an interpolated string that is to become HTML. A value it has no method for does not compile.</summary>
[InterpolatedStringHandler]
internal ref struct MarkupWriter(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>What was written, as it is.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Text, encoded.</summary>
    public void AppendFormatted(string? value) => _text.AppendLiteral(HtmlText.Encode(value));

    /// <summary>HTML, as it is.</summary>
    public void AppendFormatted(Markup value) => _text.AppendLiteral(value.ToString());

    /// <summary>HTML, one piece after the other.</summary>
    public void AppendFormatted(IEnumerable<Markup> values)
    {
        foreach (var value in values)
        {
            AppendFormatted(value);
        }
    }

    /// <summary>A whole number.</summary>
    public void AppendFormatted(long value) => _text.AppendFormatted(value);

    /// <summary>A length or a place in a picture, to a tenth.</summary>
    public void AppendFormatted(double value) => _text.AppendFormatted(value, "0.#");

    /// <summary>All of it.</summary>
    internal string Finish() => _text.ToStringAndClear();
}
