using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Webhooks.Providers;

/// <summary>
/// Standard Webhooks (https://www.standardwebhooks.com), as GitLab's signing token has it: HMAC-SHA-256 over <c>id.timestamp.body</c>, in
/// base 64 after <c>v1,</c>; several signatures may stand in one header, with spaces between.
/// </summary>
internal static class StandardSignature
{
    private const int Size = HMACSHA256.HashSizeInBytes;
    private const int MostSignatures = 8;

    private static ReadOnlySpan<byte> Prefix => "whsec_"u8;

    public static bool IsSigningToken(ReadOnlySpan<byte> secret) => secret.StartsWith(Prefix);

    /// <summary>Checks one signing token. The id and the time are part of what is signed, so neither can be changed.</summary>
    public static SignatureVerdict Verify(Delivery delivery, ReadOnlySpan<byte> token, DateTimeOffset now, TimeSpan tolerance)
    {
        if (KeyOf(token) is not { Length: > 0 } key)
        {
            return SignatureVerdict.NoSecret;
        }

        if (delivery.Name("webhook-id") is not { } id || delivery.Name("webhook-timestamp") is not { } time
            || delivery.Header("webhook-signature") is not { } signatures
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return SignatureVerdict.Missing;
        }

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        CryptographicOperations.ZeroMemory(key);
        hash.AppendData(Encoding.ASCII.GetBytes($"{id}.{time}."));
        hash.AppendData(delivery.Body);
        Span<byte> ours = stackalloc byte[Size];
        hash.GetHashAndReset(ours);
        if (!IsAmong(signatures, ours))
        {
            return SignatureVerdict.Wrong;
        }

        // In 128 bits: a time near the ends of 64 would overflow.
        return Int128.Abs((Int128)seconds - now.ToUnixTimeSeconds()) <= (long)tolerance.TotalSeconds ? SignatureVerdict.Genuine : SignatureVerdict.Stale;
    }

    private static bool IsAmong(string signatures, ReadOnlySpan<byte> ours)
    {
        Span<byte> claimed = stackalloc byte[Size];
        var isAmong = false;
        var left = MostSignatures;
        foreach (var part in signatures.AsSpan().Split(' '))
        {
            if (left-- == 0)
            {
                break;
            }

            var signature = signatures.AsSpan(part);
            isAmong |= signature.StartsWith("v1,", StringComparison.Ordinal)
                && Convert.TryFromBase64Chars(signature["v1,".Length..], claimed, out var written) && written == Size
                && CryptographicOperations.FixedTimeEquals(claimed, ours);
        }

        return isAmong;
    }

    private static byte[]? KeyOf(ReadOnlySpan<byte> token)
    {
        var text = token[Prefix.Length..];
        var key = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, key, out _, out var written) is OperationStatus.Done ? key[..written] : null;
    }
}
