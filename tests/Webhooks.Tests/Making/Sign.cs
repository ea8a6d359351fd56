using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Webhooks.Tests.Making;

/// <summary>Signs as the senders do, written apart from the code under test.</summary>
internal static class Sign
{
    public const string Secret = "It's a Secret to Everybody";

    public static string Hex(byte[] body, string secret = Secret)
    {
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(secret));
        return Convert.ToHexString(hmac.ComputeHash(body)).ToLower(CultureInfo.InvariantCulture);
    }

    /// <summary>Standard Webhooks, with the key as the part after <c>whsec_</c>.</summary>
    public static string Standard(string id, string timestamp, byte[] body, string token)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(token["whsec_".Length..]));
        return "v1," + Convert.ToBase64String(hmac.ComputeHash([.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));
    }
}
