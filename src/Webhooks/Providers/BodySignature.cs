using System.Buffers;
using System.Security.Cryptography;

namespace Webhooks.Providers;

/// <summary>HMAC-SHA-256 over the body, written in hexadecimal.</summary>
internal static class BodySignature
{
    private const int Size = HMACSHA256.HashSizeInBytes;

    /// <summary>Checks against every secret, and takes equally long whichever fits.</summary>
    /// <param name="body">The body as sent.</param>
    /// <param name="header">The value of the signature's header; null when there is none.</param>
    /// <param name="prefix">What stands before the digits, such as <c>sha256=</c>.</param>
    /// <param name="secrets">None of them empty.</param>
    public static SignatureVerdict Verify(ReadOnlySpan<byte> body, string? header, string prefix, IReadOnlyList<byte[]> secrets)
    {
        if (secrets.Count == 0)
        {
            return SignatureVerdict.NoSecret;
        }

        Span<byte> claimed = stackalloc byte[Size];
        if (header is null || !header.StartsWith(prefix, StringComparison.Ordinal) || !TryDecode(header.AsSpan(prefix.Length), claimed))
        {
            return SignatureVerdict.Missing;
        }

        Span<byte> ours = stackalloc byte[Size];
        var isGenuine = false;
        foreach (var secret in secrets)
        {
            HMACSHA256.HashData(secret, body, ours);
            isGenuine |= CryptographicOperations.FixedTimeEquals(ours, claimed);
        }

        return isGenuine ? SignatureVerdict.Genuine : SignatureVerdict.Wrong;
    }

    private static bool TryDecode(ReadOnlySpan<char> digits, Span<byte> bytes) =>
        digits.Length == 2 * Size && Convert.FromHexString(digits, bytes, out _, out var written) is OperationStatus.Done && written == Size;
}
