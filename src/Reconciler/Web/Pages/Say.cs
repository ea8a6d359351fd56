using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Web.Pages;

/// <summary>The small pieces that all pages share: instants, commits, systems, lengths of time.</summary>
internal static class Say
{
    /// <summary>An instant. Where scripts run it is shown as a distance, such as "4 min ago".</summary>
    public static Markup Time(DateTimeOffset at) =>
        Markup.Of($"""<time datetime="{Stamp(at)}" data-ago>{At(at)}</time>""");

    /// <summary>An instant that stays as it is written.</summary>
    public static Markup Clock(DateTimeOffset at) => Markup.Of($"""<time datetime="{Stamp(at)}">{At(at)}</time>""");

    /// <summary>An instant as people write it, such as <c>2026-01-31 12:00:00 UTC</c>.</summary>
    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A commit, by its first digits; led to at the forge when its page is known.</summary>
    public static Markup Commit(string sha, string? link) => link is null
        ? Markup.Of($"""<code title="{sha}">{Short(sha)}</code>""")
        : Markup.Of($"""<a class="commit" href="{link}" title="{sha}" rel="noreferrer"><code>{Short(sha)}</code></a>""");

    /// <summary>The first digits of a commit.</summary>
    public static string Short(string sha) => sha.Length > 7 ? sha[..7] : sha;

    /// <summary>A system, by its name; the whole path is a hint.</summary>
    public static Markup System(string path) =>
        Markup.Of($"""<code class="path" title="{path}">{(Toplevel.TryParse(path, out var toplevel) ? toplevel.Name : path)}</code>""");

    /// <summary>A link to a deployment.</summary>
    public static Markup Deployment(long id) => Markup.Of($"""<a href="/deployments/{id}">deployment {id}</a>""");

    /// <summary>A length of time for people.</summary>
    public static string Duration(TimeSpan time) => FailureText.Duration(time < TimeSpan.Zero ? TimeSpan.Zero : time);

    /// <summary>A number with its noun.</summary>
    public static string Count(long number, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? one : many)}");

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
