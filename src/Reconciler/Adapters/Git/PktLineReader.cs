using System.Buffers;
using System.Text;

namespace Reconciler.Adapters.Git;

/// <summary>Reads the pkt-lines of git's wire format from a stream that may hold anything.</summary>
/// <param name="stream">The stream; not disposed.</param>
/// <param name="limit">At most this many bytes are read.</param>
internal sealed class PktLineReader(Stream stream, long limit)
{
    private const int LongestLine = 65520;
    private byte[] _buffer = new byte[256]; // most lines are short
    private long _left = limit;

    /// <summary>Reads the next line.</summary>
    /// <exception cref="PktLineException">It is no pkt-line, the stream ended inside or before it, or the limit was reached.</exception>
    public async ValueTask<PktLine> ReadAsync(CancellationToken cancellationToken)
    {
        await FillAsync(4, cancellationToken);
        var length = LengthOf(_buffer.AsSpan(0, 4));
        switch (length)
        {
            case 0:
                return new PktLine(PktLineKind.Flush, "");
            case 1:
                return new PktLine(PktLineKind.Delimiter, "");
            case 2:
                return new PktLine(PktLineKind.ResponseEnd, "");
            case < 4 or > LongestLine:
                throw new PktLineException($"a line of {length} bytes");
            default:
                await FillAsync(length - 4, cancellationToken);
                var text = Encoding.UTF8.GetString(_buffer, 0, length - 4);
                return new PktLine(PktLineKind.Data, text.EndsWith('\n') ? text[..^1] : text);
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> digits) =>
        digits.IndexOfAnyExcept(Hexadecimal) < 0 ? int.Parse(digits, System.Globalization.NumberStyles.AllowHexSpecifier, null)
            : throw new PktLineException("a line without a length");

    private static readonly SearchValues<byte> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        if ((_left -= count) < 0)
        {
            throw new PktLineException("more than can be true");
        }

        if (_buffer.Length < count)
        {
            _buffer = new byte[LongestLine];
        }

        if (await stream.ReadAtLeastAsync(_buffer.AsMemory(0, count), count, throwOnEndOfStream: false, cancellationToken) < count)
        {
            throw new PktLineException("an answer that ends too soon");
        }
    }
}

/// <summary>What a pkt-line is.</summary>
internal enum PktLineKind
{
    /// <summary>Text.</summary>
    Data,

    /// <summary>The end of a message.</summary>
    Flush,

    /// <summary>A border inside a message.</summary>
    Delimiter,

    /// <summary>The end of a response.</summary>
    ResponseEnd,
}

/// <summary>One pkt-line; its text without a last line feed, empty for what is not <see cref="PktLineKind.Data"/>.</summary>
internal readonly record struct PktLine(PktLineKind Kind, string Text);

/// <summary>What was read is not git's wire format; the message goes after "sent".</summary>
internal sealed class PktLineException : Exception
{
    public PktLineException()
    {
    }

    public PktLineException(string message)
        : base(message)
    {
    }

    public PktLineException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
