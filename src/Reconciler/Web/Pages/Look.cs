using System.Diagnostics;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The few looks that states and outcomes have: each is a colour, a shape and a word, so that no one of them is needed alone.</summary>
internal enum Look
{
    /// <summary>Well.</summary>
    Good,

    /// <summary>Failed.</summary>
    Bad,

    /// <summary>Put back.</summary>
    Back,

    /// <summary>Under way.</summary>
    Busy,

    /// <summary>Waits, by itself or because an operator said so.</summary>
    Held,

    /// <summary>Gave way, or nothing to say.</summary>
    Quiet,

    /// <summary>Wants a person.</summary>
    Alarm,
}

/// <summary>Which look and which words states and outcomes have.</summary>
internal static class Looks
{
    /// <summary>The look of a host.</summary>
    public static Look Of(StatusDocument status) => status switch
    {
        { NeedsAttention: true } => Look.Alarm,
        { State: HostStateWord.UpToDate } => Look.Good,
        { State: HostStateWord.RollingBack } => Look.Back,
        { State: HostStateWord.Starting or HostStateWord.Working or HostStateWord.OnTrial } => Look.Busy,
        _ => Look.Held,
    };

    /// <summary>The state of a host, in words.</summary>
    public static string Word(HostStateWord state) => state switch
    {
        HostStateWord.Starting => "Starting",
        HostStateWord.UpToDate => "Up to date",
        HostStateWord.Working => "Working",
        HostStateWord.OnTrial => "On trial",
        HostStateWord.RollingBack => "Rolling back",
        HostStateWord.Waiting => "Waiting",
        HostStateWord.Suspended => "Suspended",
        HostStateWord.Quarantined => "Quarantined",
        HostStateWord.Held => "Held",
        HostStateWord.Drifted => "Drifted",
        HostStateWord.Unreachable => "Repository unreachable",
        HostStateWord.NeedsOperator => "Needs an operator",
        HostStateWord.Broken => "Cannot work",
        _ => throw new UnreachableException(),
    };

    /// <summary>The look of a deployment, by the word of its phase.</summary>
    public static Look Of(DeploymentSummary deployment) => deployment.Phase switch
    {
        "confirmed" or "accepted" => Look.Good,
        "failed" => Look.Bad,
        "rolledBack" or "rollingBack" => Look.Back,
        "needsOperator" or "abandoned" => Look.Alarm,
        "superseded" => Look.Quiet,
        _ when deployment.Headline.StartsWith("postponed", StringComparison.Ordinal) => Look.Held,
        _ => Look.Busy,
    };

    /// <summary>The outcome of a deployment, in a word or two.</summary>
    public static string Word(DeploymentSummary deployment) => deployment.Phase switch
    {
        "confirmed" => "Confirmed",
        "accepted" => "Accepted",
        "failed" => "Failed",
        "rolledBack" => "Rolled back",
        "rollingBack" => "Rolling back",
        "needsOperator" => "Needs an operator",
        "abandoned" => "Taken over",
        "superseded" => "Superseded",
        "onTrial" => "On trial",
        "confirming" => "Confirming",
        _ when Of(deployment) == Look.Held => "Postponed",
        "built" => "Built",
        "planned" => "Ready",
        _ => "Building",
    };

    /// <summary>The name of a look, as the style sheet knows it.</summary>
    public static string Name(Look look) => look.ToString().ToLowerInvariant();
}
