using System.Buffers;

namespace Webhooks.Limits;

/// <summary>A body as it arrives, in a borrowed buffer that grows with what was received, never with what was announced.</summary>
internal sealed class Body(int limit, ByteBudget budget) : IDisposable
{
    private const int FirstSize = 16 * 1024;
    private byte[] _buffer = [];
    private int _length;

    public Memory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Takes more. Null when it fit.</summary>
    public WebhookOutcome? Append(in ReadOnlySequence<byte> more)
    {
        if (more.Length > limit - _length)
        {
            return WebhookOutcome.TooLarge;
        }

        var needed = _length + (int)more.Length;
        if (needed > _buffer.Length && !TryGrow(needed))
        {
            return WebhookOutcome.Busy;
        }

        more.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _length = 0;
    }

    private bool TryGrow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstSize, _buffer.Length * 2)));
        if (!budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        _buffer.AsSpan(0, _length).CopyTo(larger);
        Release();
        _buffer = larger;
        return true;
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            budget.Give(_buffer.Length);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
