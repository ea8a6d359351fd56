using System.Diagnostics;
using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>Writes a host's one comment on a pull request: what it would change there. Pure.</summary>
internal static class PlanCommentText
{
    /// <summary>What makes the host's comment findable; the first line of it.</summary>
    public static string Marker(HostName host) => $"<!-- reconciler:plan={host} -->";

    /// <summary>The whole comment, at most <see cref="Markdown.LongestBody"/> characters.</summary>
    public static string Write(HostName host, ForgeMessage.PlanReported report) => report.Report switch
    {
        PlanReport.Ready => $"{Marker(host)}\n**{host}**: `{report.Head.Short}` was planned.\n",
        PlanReport.Failed failed => $"{Marker(host)}\n**{host}**: `{report.Head.Short}` could not be planned: {PlainText.Quoted(PlainText.Line(FailureText.Headline(failed.Cause), 300))}\n",
        _ => throw new UnreachableException(),
    };
}
