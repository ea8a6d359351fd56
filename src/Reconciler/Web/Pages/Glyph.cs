using System.Diagnostics;

namespace Reconciler.Web.Pages;

/// <summary>One shape for each look, drawn in a square of 16; it says nothing to those who do not see it, since words stand beside it.</summary>
internal static class Glyph
{
    /// <summary>As a picture of its own.</summary>
    public static Markup Of(Look look) =>
        Markup.Of($"""<svg class="glyph {Looks.Name(look)}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{Shape(look)}</svg>""");

    /// <summary>Within a picture, by its middle.</summary>
    public static Markup At(Look look, double x, double y) =>
        Markup.Of($"""<g class="glyph {Looks.Name(look)}" transform="translate({x - 6} {y - 6}) scale(.75)">{Shape(look)}</g>""");

    private static Markup Shape(Look look) => look switch
    {
        Look.Good => Markup.Of($"""<circle class="f" cx="8" cy="8" r="8"/><path class="k" d="M4.4 8.4l2.4 2.4 4.8-5.2"/>"""),
        Look.Bad => Markup.Of($"""<circle class="f" cx="8" cy="8" r="8"/><path class="k" d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"/>"""),
        Look.Back => Markup.Of($"""<rect class="f" width="16" height="16" rx="4"/><path class="k" d="M6.6 4L4 6.6l2.6 2.6M4.4 6.6h4.8a2.6 2.6 0 0 1 0 5.2H6.4"/>"""),
        Look.Busy => Markup.Of($"""<circle class="o" cx="8" cy="8" r="6.8"/><circle class="f" cx="8" cy="8" r="3.4"/>"""),
        Look.Held => Markup.Of($"""<circle class="o" cx="8" cy="8" r="6.8"/><path class="l" d="M6.2 5.4v5.2M9.8 5.4v5.2"/>"""),
        Look.Quiet => Markup.Of($"""<circle class="o" cx="8" cy="8" r="6.8"/><path class="l" d="M5 8h6"/>"""),
        Look.Alarm => Markup.Of($"""<path class="f" d="M8 .6a1.6 1.6 0 0 1 1.4.8l6.2 11.4a1.6 1.6 0 0 1-1.4 2.4H1.8A1.6 1.6 0 0 1 .4 12.8L6.6 1.4A1.6 1.6 0 0 1 8 .6z"/><path class="k" d="M8 5.4v4M8 12v.1"/>"""),
        _ => throw new UnreachableException(),
    };
}
