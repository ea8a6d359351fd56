using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Model;
using Reconciler.Wire;

namespace Reconciler.Adapters.Traces;

/// <summary>Makes the trace of a deployment: a span for the whole of it, and one for each phase. Pure.</summary>
internal static class TraceBuilding
{
    private const int LongestText = 300;
    private const int MostSpans = 100;

    /// <summary>The spans, the root first.</summary>
    /// <param name="host">The host.</param>
    /// <param name="deployment">A deployment that has ended.</param>
    public static ImmutableArray<TraceSpan> Of(HostName host, Deployment deployment)
    {
        var trace = TraceIds.Trace(host, deployment);
        var cause = Cause(deployment.Phase);
        var root = new TraceSpan
        {
            TraceId = trace,
            Id = TraceIds.Span(trace, 0),
            Name = "deployment",
            Began = deployment.Began,
            Ended = Later(deployment.Began, deployment.Changed),
            Attributes = [.. Attributes(deployment, cause)],
            Events = [.. deployment.Timeline.Take(MostSpans).Select(line => (line.At, OneLine.Of(line.Event, LongestText)))],
            IsGood = deployment.Phase switch
            {
                DeploymentPhase.Confirmed or DeploymentPhase.Accepted => true,
                DeploymentPhase.Superseded => null,
                _ => false,
            },
            Trouble = cause is null ? "" : Reason(cause),
        };
        return [root, .. Phases(root, deployment, cause)];
    }

    private static IEnumerable<TraceSpan> Phases(TraceSpan root, Deployment deployment, Failure? cause)
    {
        var phases = PhaseDocument.Of(deployment).Take(MostSpans).ToList();
        var putBack = phases.FindIndex(phase => phase.Phase == "rollingBack");
        var atFault = cause is null ? -1 : putBack >= 0 ? putBack - 1 : phases.Count - 1;
        return phases.Select((phase, place) => new TraceSpan
        {
            TraceId = root.TraceId,
            Id = TraceIds.Span(root.TraceId, place + 1),
            Parent = root.Id,
            Name = Name(phase.Phase),
            Began = phase.Began,
            Ended = Later(phase.Began, phase.Ended ?? root.Ended),
            Attributes = [("reconciler.phase", phase.Phase)],
            IsGood = place == atFault ? false : null,
            Trouble = place == atFault ? Reason(cause!) : "",
        });
    }

    private static IEnumerable<(string Key, object Value)> Attributes(Deployment deployment, Failure? cause)
    {
        yield return ("deployment.id", deployment.Id.ToString());
        yield return ("reconciler.outcome", Word(deployment.Phase));
        yield return ("reconciler.actor", OneLine.Of(deployment.Actor.ToString(), LongestText));
        switch (deployment.Source)
        {
            case DeploymentSource.Commit { Candidate: var candidate }:
                yield return ("vcs.ref.head.revision", candidate.Revision.Sha);
                yield return ("reconciler.branch", candidate.Branch == BranchKind.Testing ? "testing" : "main");
                yield return ("reconciler.remote", candidate.Remote);
                break;
            case DeploymentSource.Generation generation:
                yield return ("reconciler.generation.wanted", (long)generation.Number);
                break;
        }

        if (deployment.Generation is { } number)
        {
            yield return ("reconciler.generation", (long)number);
        }

        if (deployment.Toplevel is { } system)
        {
            yield return ("reconciler.system", system.ToString());
        }

        if (cause is not null)
        {
            yield return ("error.type", Word(cause));
            yield return ("reconciler.failure", Reason(cause));
            yield return ("reconciler.fault", Word(cause.Fault));
        }
    }

    private static Failure? Cause(DeploymentPhase phase) => phase switch
    {
        DeploymentPhase.Failed p => p.Cause,
        DeploymentPhase.RolledBack p => p.Cause,
        DeploymentPhase.Abandoned p => p.Cause,
        _ => null,
    };

    private static string Reason(Failure cause) => OneLine.Of(FailureText.Headline(cause), LongestText);

    private static string Name(string phase) => phase switch
    {
        "building" => "build",
        "checking" => "plan",
        "waiting" => "wait",
        "activating" => "activate",
        "onTrial" => "health gate",
        "confirming" => "confirm",
        "rollingBack" => "roll back",
        "stuck" => "wait for an operator",
        _ => phase,
    };

    private static string Word(object value) => JsonNamingPolicy.CamelCase.ConvertName(value is Enum ? value.ToString()! : value.GetType().Name);

    // The clock may have been set back in between.
    private static DateTimeOffset Later(DateTimeOffset began, DateTimeOffset ended) => ended < began ? began : ended;
}
