namespace Webhooks;

/// <summary>Keeps count. Any thread may write and read.</summary>
internal sealed class StatusBoard(DateTimeOffset since)
{
    private readonly long[] _counts = new long[Enum.GetValues<WebhookOutcome>().Length];
    private volatile HeardDelivery? _lastHeard;
    private volatile HeardDelivery? _lastPing;

    public void Count(WebhookOutcome outcome) => Interlocked.Increment(ref _counts[(int)outcome]);

    public void Heard(HeardDelivery delivery, bool isPing)
    {
        _lastHeard = delivery;
        if (isPing)
        {
            _lastPing = delivery;
        }
    }

    public WebhookStatus Read() => new(
        since,
        _lastHeard,
        _lastPing,
        Enum.GetValues<WebhookOutcome>().ToDictionary(outcome => outcome, outcome => Interlocked.Read(ref _counts[(int)outcome])));
}
