namespace FakeGitHub.Http;

/// <summary>GitHub's secondary limits, by who sends: 900 points a minute (reading 1, writing 5), 80 writes a minute, 500 writes an hour.</summary>
internal sealed class SecondaryLimits(TimeProvider clock)
{
    private const int PointsPerMinute = 900;
    private const int WritesPerMinute = 80;
    private const int WritesPerHour = 500;

    private readonly Dictionary<string, Queue<(DateTimeOffset At, bool Write)>> _sent = [];

    /// <summary>Counts one request. Refused ones count too, as at GitHub.</summary>
    /// <returns>False when it is one too many.</returns>
    public bool TryUse(string who, bool write)
    {
        var now = clock.GetUtcNow();
        if (!_sent.TryGetValue(who, out var sent))
        {
            _sent[who] = sent = new Queue<(DateTimeOffset, bool)>();
        }

        sent.Enqueue((now, write));
        while (sent.Peek().At <= now.AddHours(-1))
        {
            sent.Dequeue();
        }

        var minute = sent.Where(x => x.At > now.AddMinutes(-1)).ToList();
        return minute.Sum(x => x.Write ? 5 : 1) <= PointsPerMinute && minute.Count(x => x.Write) <= WritesPerMinute && sent.Count(x => x.Write) <= WritesPerHour;
    }
}
