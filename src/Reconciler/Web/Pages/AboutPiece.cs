using System.Collections.Immutable;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The plain facts of a deployment.</summary>
internal static class AboutPiece
{
    /// <summary>Writes them.</summary>
    public static Markup Of(DeploymentView view)
    {
        var deployment = view.Deployment;
        var summary = deployment.Summary;
        return Markup.Of($"""
            <dl class="plain">
            <dt>Began</dt><dd>{Say.Clock(summary.Began)}</dd>
            <dt>Last changed</dt><dd>{Say.Clock(summary.Changed)}</dd>
            <dt>Asked for by</dt><dd>{summary.Actor}</dd>
            {Row("System", deployment.Toplevel is { } system ? Path(system) : Markup.Empty)}
            <dt>Would come back to</dt><dd>{Path(deployment.RollBackTo)}</dd>
            {Row("Activation", Markup.Of($"{deployment.Activation}"))}
            {Row("Activated", deployment.Activations > 1 ? Markup.Of($"{deployment.Activations} times") : Markup.Empty)}
            {Row("Had failed before", Names(deployment.FailedUnitsBefore))}
            {Row("Failing before", Names(deployment.ChecksFailingBefore))}
            <dt>Repository</dt><dd>{Told(deployment)}</dd>
            </dl>
            """);
    }

    private static string Told(DeploymentDocument deployment) => deployment switch
    {
        { IsTold: true } => "was told how it ended",
        { Summary.Succeeded: null, Summary.Phase: not "superseded" } => "is told once it has ended",
        _ => "was not told how it ended",
    };

    private static Markup Row(string name, Markup value) => Markup.When(value.ToString().Length > 0, () => Markup.Of($"<dt>{name}</dt><dd>{value}</dd>"));

    private static Markup Names(ImmutableArray<string> names) => Markup.Of($"{string.Join(", ", names)}");

    private static Markup Path(string path) => Markup.Of($"""<code class="path">{path}</code>""");
}
