namespace Webhooks.Payloads;

/// <summary>
/// Bodies sent as <c>application/x-www-form-urlencoded</c>: the JSON is the field <c>payload</c>. GitHub and Gitea send so when the hook's
/// content type says it; the signature is over the body as sent.
/// </summary>
internal static class FormBody
{
    public static bool IsForm(string? contentType) =>
        contentType is not null && contentType.AsSpan().TrimStart().StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    /// <summary>Decodes the first field named <c>payload</c> in place. False when there is none, or it is not well encoded.</summary>
    public static bool TryDecode(Span<byte> body, out ReadOnlySpan<byte> json)
    {
        json = default;
        for (var rest = body; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'&');
            var field = end < 0 ? rest : rest[..end];
            if (field.StartsWith("payload="u8))
            {
                var value = field["payload="u8.Length..];
                var length = Unescape(value);
                json = length < 0 ? default : value[..length];
                return length >= 0;
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return false;
    }

    // What is decoded is never longer than what it came from, so it can be written over it.
    private static int Unescape(Span<byte> text)
    {
        var written = 0;
        for (var read = 0; read < text.Length; read++)
        {
            switch (text[read])
            {
                case (byte)'%':
                    if (text.Length - read < 3 || HexByte(text[read + 1], text[read + 2]) is not { } value)
                    {
                        return -1;
                    }

                    text[written++] = value;
                    read += 2;
                    break;
                case (byte)'+':
                    text[written++] = (byte)' ';
                    break;
                default:
                    text[written++] = text[read];
                    break;
            }
        }

        return written;
    }

    private static byte? HexByte(byte high, byte low) =>
        char.IsAsciiHexDigit((char)high) && char.IsAsciiHexDigit((char)low) ? (byte)((Nibble(high) << 4) | Nibble(low)) : null;

    private static int Nibble(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
