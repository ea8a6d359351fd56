using System.Security.Cryptography;

namespace FakeGitHub.World;

/// <summary>A GitHub App: what it signs is believed when <paramref name="Key"/>, its public key, says so.</summary>
internal sealed record App(long Id, string Slug, Account Owner, Account Bot, RSA Key, DateTimeOffset CreatedAt)
{
    public string ClientId => $"Iv23li{Id}";
}
