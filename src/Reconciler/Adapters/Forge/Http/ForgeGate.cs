namespace Reconciler.Adapters.Forge.Http;

/// <summary>Knows until when a forge is not to be asked anything: as long as it said, else a minute and longer each time. Safe for several threads.</summary>
internal sealed class ForgeGate(TimeProvider clock)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromHours(2);
    private readonly Lock _lock = new();
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private string _detail = "";
    private int _troubles;

    /// <summary>Throws while it is closed.</summary>
    public void Pass()
    {
        lock (_lock)
        {
            if (clock.GetUtcNow() < _notBefore)
            {
                throw ForgeTroubleException.Later(_detail, _notBefore);
            }
        }
    }

    /// <summary>Closes it.</summary>
    /// <param name="detail">Cause and cure.</param>
    /// <param name="asked">The pause the forge asked for; null when it did not.</param>
    /// <returns>What to throw.</returns>
    public ForgeTroubleException Close(string detail, TimeSpan? asked)
    {
        lock (_lock)
        {
            var own = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, ShortestPause.Ticks << Math.Min(_troubles, 8)));
            _troubles++;
            var pause = asked is { } wish ? TimeSpan.FromTicks(Math.Clamp(wish.Ticks, TimeSpan.TicksPerSecond, LongestAskedPause.Ticks)) : own;
            (_notBefore, _detail) = (clock.GetUtcNow() + pause, detail);
            return ForgeTroubleException.Later(detail, _notBefore);
        }
    }

    /// <summary>The forge answered as it should.</summary>
    public void Well()
    {
        lock (_lock)
        {
            _troubles = 0;
        }
    }
}
