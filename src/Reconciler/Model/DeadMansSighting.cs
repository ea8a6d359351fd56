namespace Reconciler.Model;

/// <summary>What is known of the dead-man's switch of a deployment. A closed set.</summary>
internal abstract record DeadMansSighting
{
    private DeadMansSighting() { }

    /// <summary>It has not acted: it waits, or there is none.</summary>
    public sealed record Quiet : DeadMansSighting;

    /// <summary>It is putting the host back at this moment.</summary>
    public sealed record Acting : DeadMansSighting;

    /// <summary>It has acted.</summary>
    /// <param name="Act">What it did.</param>
    public sealed record Acted(UnattendedPutBack Act) : DeadMansSighting;
}

/// <summary>That the host was put back while the daemon did not see to it.</summary>
/// <param name="At">When it began.</param>
/// <param name="HowEnded">How the activation of the system before ended, such as <c>exit 0</c>; or that it was cut short.</param>
internal sealed record UnattendedPutBack(DateTimeOffset At, string HowEnded)
{
    /// <summary>Whether the system before was activated to the end; units of it that failed are for the daemon to judge.</summary>
    public bool Succeeded => HowEnded is "exit 0" or "exit 4";
}
