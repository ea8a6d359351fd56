namespace Webhooks.Tests.Fuzzing;

/// <summary>Damages bodies, by a seed.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly byte[][] Tokens =
    [
        "\\ud800"u8.ToArray(), "\\u0000"u8.ToArray(), [0xff, 0xfe], [0xed, 0xa0, 0x80], "[[[[[[[[[[[[[[[[[[[["u8.ToArray(), "{\"a\":{\"a\":{\"a\":"u8.ToArray(), "\""u8.ToArray(),
        "null"u8.ToArray(), "1e999"u8.ToArray(), "-"u8.ToArray(), "99999999999999999999"u8.ToArray(), "\"ref\":"u8.ToArray(), "\"number\":"u8.ToArray(), "\"repository\":{"u8.ToArray(),
        "refs/heads/"u8.ToArray(), "}"u8.ToArray(), "]"u8.ToArray(), ","u8.ToArray(), "payload="u8.ToArray(), "%"u8.ToArray(), "%00"u8.ToArray(), "&"u8.ToArray(), [0xef, 0xbb, 0xbf],
    ];

    /// <summary>A body made of another by one to five small damages. Written into <paramref name="buffer"/>; what it is long is given back.</summary>
    public int Mutate(ReadOnlySpan<byte> body, Span<byte> buffer)
    {
        body.CopyTo(buffer);
        var length = body.Length;
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            length = MutateOnce(buffer, length);
        }

        return length;
    }

    private int MutateOnce(Span<byte> buffer, int length)
    {
        var at = random.Next(length + 1);
        switch (random.Next(6))
        {
            case 0 when at < length:
                buffer[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 1 when at < length:
                buffer[at] = (byte)random.Next(256);
                return length;
            case 2:
                return at;
            case 3:
                var cut = Math.Min(random.Next(1, 40), length - at);
                buffer[(at + cut)..length].CopyTo(buffer[at..]);
                return length - cut;
            case 4:
                return Insert(buffer, length, at, Tokens[random.Next(Tokens.Length)]);
            default:
                var from = random.Next(length + 1);
                return Insert(buffer, length, at, buffer.Slice(from, Math.Min(random.Next(200), length - from)).ToArray());
        }
    }

    private static int Insert(Span<byte> buffer, int length, int at, ReadOnlySpan<byte> more)
    {
        if (length + more.Length > buffer.Length)
        {
            return length;
        }

        buffer[at..length].CopyTo(buffer[(at + more.Length)..]);
        more.CopyTo(buffer[at..]);
        return length + more.Length;
    }
}
