using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Apps;

/// <summary>Believes a JSON web token that an App signed, by GitHub's rules, or says in GitHub's words why not.</summary>
internal static class JwtCheck
{
    private const string NotDecoded = "A JSON web token could not be decoded";
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(10);

    public static (App? App, string Problem) Check(string token, GitHubWorld world)
    {
        if (token.Split('.') is not [var head, var body, var signature] || Json(head) is not { } header || Json(body) is not { } claims
            || (string?)header["alg"] != "RS256" || Bytes(signature) is not { } signed)
        {
            return (null, NotDecoded);
        }

        var issuer = claims["iss"]?.ToString();
        var app = world.Apps.All.FirstOrDefault(x => x.Id.ToString(CultureInfo.InvariantCulture) == issuer || x.ClientId == issuer);
        if (app is null)
        {
            return (null, "Integration not found");
        }

        if (!app.Key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{body}"), signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return (null, NotDecoded);
        }

        return Times(claims, world.Now) is { } problem ? (null, problem) : (app, "");
    }

    private static string? Times(JsonObject claims, DateTimeOffset now)
    {
        if (Seconds(claims["iat"]) is not { } issued || issued > now.ToUnixTimeSeconds())
        {
            return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
        }

        if (Seconds(claims["exp"]) is not { } end || end <= now.ToUnixTimeSeconds())
        {
            return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
        }

        return end > (now + _longest).ToUnixTimeSeconds() ? "'Expiration time' claim ('exp') is too far in the future" : null;
    }

    private static long? Seconds(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var seconds) ? seconds : null;

    private static JsonObject? Json(string part)
    {
        try
        {
            return Bytes(part) is { } bytes ? JsonNode.Parse(bytes) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Bytes(string part) => Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;
}
