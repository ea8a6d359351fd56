namespace Webhooks.Limits;

/// <summary>How many bytes of bodies may be held at once.</summary>
internal sealed class ByteBudget(long limit)
{
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    public void Give(int bytes) => Interlocked.Add(ref _held, -bytes);
}
