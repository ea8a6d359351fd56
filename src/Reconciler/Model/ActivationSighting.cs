namespace Reconciler.Model;

/// <summary>What is known of an activation that was begun. A closed set.</summary>
internal abstract record ActivationSighting
{
    private ActivationSighting() { }

    /// <summary>It never started, or was forgotten in a reboot.</summary>
    public sealed record NotFound : ActivationSighting;

    /// <summary>It is under way.</summary>
    public sealed record Running : ActivationSighting;

    /// <summary>It ended.</summary>
    public sealed record Ended(ActivationOutcome Outcome) : ActivationSighting;
}
