namespace Reconciler.Model;

/// <summary>How a run of <c>switch-to-configuration</c> ended. A closed set.</summary>
/// <remarks>Source of the exit codes: nixpkgs, switch-to-configuration-ng <c>src/main.rs</c>.</remarks>
internal abstract record ActivationOutcome
{
    private ActivationOutcome() { }

    /// <summary>Exit 0.</summary>
    public sealed record Succeeded : ActivationOutcome;

    /// <summary>Exit 4: the system is active, but units failed. The health gate decides.</summary>
    public sealed record UnitsFailed(string Excerpt) : ActivationOutcome;

    /// <summary>Exit 2: the activation script failed; the system may be half active.</summary>
    public sealed record ScriptFailed(string Excerpt) : ActivationOutcome;

    /// <summary>Exit 1: a pre-switch check or an internal error stopped it, as a rule before anything changed.</summary>
    public sealed record Refused(string Excerpt) : ActivationOutcome;

    /// <summary>Exit 100: the init interface changed; nothing was activated and a reboot is needed.</summary>
    public sealed record NeedsReboot : ActivationOutcome;

    /// <summary>Another switch held the lock; nothing was done.</summary>
    public sealed record LockHeld : ActivationOutcome;

    /// <summary>The host could not start it; nothing was done.</summary>
    public sealed record NotStarted(string Detail) : ActivationOutcome;

    /// <summary>It was killed, ran into its time limit, or ended with a code nobody documented.</summary>
    /// <param name="HowEnded">Such as <c>signal 9</c>, <c>timeout</c>, <c>exit 17</c>.</param>
    /// <param name="Excerpt">Last lines of its output.</param>
    public sealed record Broken(string HowEnded, string Excerpt) : ActivationOutcome;
}
