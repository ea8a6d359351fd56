using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.GitHub;

/// <summary>Signs for a GitHub App that it is who it says.</summary>
/// <remarks>RFC 7519 with RS256; docs.github.com, "Generating a JSON Web Token (JWT) for a GitHub App".</remarks>
internal static class AppKey
{
    private static readonly TimeSpan IntoThePast = TimeSpan.FromSeconds(60); // the host's clock may be fast
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(9); // GitHub refuses more than ten, counted by its own clock

    /// <summary>A token that says who the App is, good for some minutes.</summary>
    /// <param name="app">The App.</param>
    /// <param name="now">The time.</param>
    /// <param name="token">The token.</param>
    /// <param name="fault">Cause and cure, when the key cannot be used; holds nothing of the key.</param>
    public static bool TrySign(GitHubAccess.App app, DateTimeOffset now, [NotNullWhen(true)] out string? token, [NotNullWhen(false)] out string? fault)
    {
        token = null;
        if (!SecretFile.TryRead(app.PrivateKeyFile, "private key file", out var pem, out fault))
        {
            return false;
        }

        if (SecretFile.IsOpenToAll(app.PrivateKeyFile))
        {
            fault = $"the private key file {app.PrivateKeyFile} can be read by every user: chmod 0400 it, and make a new key for the App, as this one may be known";
            return false;
        }

        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(pem);
            var claims = $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(FormattableString.Invariant(
                $$"""{"iat":{{(now - IntoThePast).ToUnixTimeSeconds()}},"exp":{{(now + Lifetime).ToUnixTimeSeconds()}},"iss":"{{app.AppId}}"}"""))}";
            token = $"{claims}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(claims), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            fault = $"the private key file {app.PrivateKeyFile} holds no RSA key in PEM without a password: download a new one from the App's settings page";
            return false;
        }
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
