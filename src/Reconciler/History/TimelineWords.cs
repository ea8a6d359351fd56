namespace Reconciler.History;

/// <summary>The words the fold writes into a deployment's timeline, for all who look for one of them there.</summary>
internal static class TimelineWords
{
    public const string Selected = "selected";

    public const string Built = "built";

    public const string Planned = "planned";

    public const string Postponed = "postponed";

    /// <summary>The beginning of a trial.</summary>
    public const string TrialBegan = "trial began";

    public const string Activated = "activated";

    public const string Staged = "staged for one boot";

    /// <summary>The beginning of a trial by reboot.</summary>
    public const string RebootRequested = "reboot requested";

    public const string BootedOnTrial = "booted on trial";

    public const string GatePassed = "health gate passed";

    public const string RollbackBegan = "rollback began";

    public const string RollbackFailed = "rollback failed";

    public const string PutBackUnattended = "put back by the dead-man's switch";

    public const string ReturnRequested = "reboot into the system before requested";

    /// <summary>Who refused the trial follows.</summary>
    public const string RefusedBy = "refused by ";

    /// <summary>What was found in the store follows.</summary>
    public const string Store = "store ";
}
