namespace Reconciler.Web.Pages;

/// <summary>The words and the marks of phases, one for all pictures.</summary>
internal static class PhaseWords
{
    /// <summary>Those in which something is done, in their order, then those in which nothing is.</summary>
    public static readonly string[] All = ["building", "checking", "activating", "onTrial", "confirming", "rollingBack", "waiting", "stuck"];

    /// <summary>For people.</summary>
    public static string Word(string phase) => phase switch
    {
        "building" => "building",
        "checking" => "looking what it changes",
        "activating" => "activating",
        "onTrial" => "on trial",
        "confirming" => "confirming",
        "rollingBack" => "rolling back",
        "waiting" => "waiting",
        "stuck" => "waiting for an operator",
        _ => phase,
    };

    /// <summary>The class of its part of a bar, as the style sheet knows it.</summary>
    public static string Class(string phase) => All.Contains(phase) ? $"p-{phase.ToLowerInvariant()}" : "p-waiting";

    /// <summary>What the marks mean.</summary>
    public static Markup Legend(IEnumerable<string> used) => Markup.Of($"""
        <ul class="legend" aria-label="Phases">{All.Where(used.Contains).Select(phase => Markup.Of($"""<li><svg class="swatch" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect class="{Class(phase)}" width="12" height="12" rx="2"/></svg> {Word(phase)}</li>"""))}</ul>
        """);

    /// <summary>The pattern that bars of waiting are filled with.</summary>
    public static Markup Patterns(string id) => Markup.Of($"""
        <defs><pattern id="{id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-b" width="5" height="5"/><rect class="hatch" width="2" height="5"/></pattern></defs>
        """);
}
