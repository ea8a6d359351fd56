namespace Reconciler.Web.Pages;

/// <summary>The log of a deployment: its end, which grows by itself where scripts run.</summary>
internal static class LogPiece
{
    /// <summary>Writes it.</summary>
    public static Markup Of(LogTail log, long deployment) => Markup.Of($"""
        <section aria-labelledby="log-title">
        <div class="head"><h2 id="log-title">Log</h2>{Markup.When(log.Total > 0, () => Markup.Of($"""<a href="/deployments/{deployment}/log">Whole log as text</a>"""))}</div>
        {Markup.When(log.Total > log.Lines.Length, () => Markup.Of($"""<p class="sub">The last {log.Lines.Length} of {Say.Count(log.Total, "line", "lines")}.</p>"""))}
        {(log.Total == 0 && !log.Grows ? Markup.Of($"""<p class="none">No log is kept of it.</p>""") : Lines(log, deployment))}
        </section>
        """);

    private static Markup Lines(LogTail log, long deployment) => Markup.Of($"""
        <pre class="log" id="log" tabindex="0" role="region" aria-label="End of the log"{Follow(log, deployment)}>{string.Join('\n', log.Lines)}{(log.Lines.IsEmpty ? "" : "\n")}</pre>
        """);

    private static Markup Follow(LogTail log, long deployment) =>
        Markup.When(log.Grows, () => Markup.Of($" data-follow=\"/api/v1/deployments/{deployment}/log/events?after={log.Total}\""));
}
