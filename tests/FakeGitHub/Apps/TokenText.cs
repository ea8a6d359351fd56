using System.Security.Cryptography;

namespace FakeGitHub.Apps;

/// <summary>The random part of a token.</summary>
internal static class TokenText
{
    public static string Random() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 36);
}
