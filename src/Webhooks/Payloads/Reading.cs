namespace Webhooks.Payloads;

/// <summary>What a genuine body turned out to be.</summary>
internal abstract record Reading
{
    private Reading()
    {
    }

    public static Reading Ignored { get; } = new Unneeded();

    public static Reading Nonsense { get; } = new Senseless();

    /// <summary>Something to tell.</summary>
    internal sealed record Heard(Hint Hint) : Reading;

    /// <summary>An event or action nobody here needs.</summary>
    internal sealed record Unneeded : Reading;

    /// <summary>Not what the event promises.</summary>
    internal sealed record Senseless : Reading;
}
