using System.Security.Cryptography;
using System.Text;

namespace Webhooks.Providers;

/// <summary>A secret that is sent as it is. Proves only that the sender knows it, not that the body is whole: use it under TLS only.</summary>
internal static class PlainToken
{
    /// <summary>Compares digests, so that the time taken tells neither the characters nor the length.</summary>
    public static SignatureVerdict Verify(string? header, ReadOnlySpan<byte> secret)
    {
        if (header is null)
        {
            return SignatureVerdict.Missing;
        }

        Span<byte> claimed = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> ours = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(header), claimed);
        SHA256.HashData(secret, ours);
        return CryptographicOperations.FixedTimeEquals(claimed, ours) ? SignatureVerdict.Genuine : SignatureVerdict.Wrong;
    }
}
