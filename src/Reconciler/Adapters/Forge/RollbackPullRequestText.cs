using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Forge;

/// <summary>Writes the pull request that takes a bad revision back, in Markdown. Pure.</summary>
internal static class RollbackPullRequestText
{
    /// <summary>The title, in one line of at most 120 characters.</summary>
    /// <param name="story">A rolled-back deployment of a commit.</param>
    /// <param name="cause">Why it was rolled back.</param>
    /// <param name="bad">The revision that failed.</param>
    /// <param name="good">The revision whose files the pull request brings back.</param>
    public static string Title(DeploymentStory story, Failure cause, Revision bad, Revision good) =>
        PlainText.Quoted(PlainText.Line($"Revert {bad.Short} to {good.Short}: {FailureText.Headline(cause)} ({story.Host})", 110));

    /// <summary>One host's part of the description, hidden markers included.</summary>
    public static string Section(DeploymentStory story, Failure cause, Revision bad, Revision good) =>
        $"{HostSections.Begin(story.Host)}\n{RollbackText.Write(story, cause, bad, good)}\n{HostSections.End(story.Host)}";

    /// <summary>
    /// The description with this host's section in it, at most <see cref="Markdown.LongestBody"/> characters. Its own section is replaced in place;
    /// the sections of other hosts and what people wrote are kept as they are. When there is no room even for one line, the text is the one that
    /// was there.
    /// </summary>
    /// <param name="existing">The description as it is; null or empty for a new pull request.</param>
    /// <param name="host">This host.</param>
    /// <param name="section">From <see cref="Section"/>.</param>
    public static string Body(string? existing, HostName host, string section) => HostSections.Join(existing, host, section);

    /// <summary>Whether the description has this host's section.</summary>
    public static bool HasSection(string? body, HostName host) => HostSections.Find(body ?? "", host) is not null;

    /// <summary>What makes <see cref="ClosedByHand"/> findable among the comments.</summary>
    public static string ClosedByHandMarker(Revision bad) => $"<!-- reconciler:closed-by-hand={bad.Sha} -->";

    /// <summary>The one comment on a pull request that a person closed without merging: it is not opened again, and what that means.</summary>
    public static string ClosedByHand(Revision bad) =>
        $"{ClosedByHandMarker(bad)}\n`{bad.Short}` failed again after this pull request was closed. It is not opened again.\n";

    /// <summary>What makes <see cref="Overtaken"/> findable among the comments.</summary>
    public static string OvertakenMarker(Revision bad) => $"<!-- reconciler:overtaken={bad.Sha} -->";

    /// <summary>The comment that goes before closing: a newer commit works, so nothing has to be taken back.</summary>
    public static string Overtaken(Revision bad, Revision by) =>
        $"{OvertakenMarker(bad)}\n`{by.Short}` works, so `{bad.Short}` need not be taken back any more.\n";
}
