using System.Text;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.Git;

/// <summary>What a remote asks for at http: read when it is used, kept nowhere.</summary>
internal sealed record GitSecret
{
    private GitSecret(string token, string userName)
    {
        Encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{token}"));
        Token = token;
    }

    private string Token { get; }

    private string Encoded { get; }

    /// <summary>The value of the Authorization header.</summary>
    public string Authorization => $"Basic {Encoded}";

    /// <summary>Reads a remote's secret. There is none for an address that <see cref="GitAddress.IsInTheClear"/>.</summary>
    /// <returns>The secret, null when the remote has none; or a fault that says cause and cure.</returns>
    public static (GitSecret? Secret, string? Fault) Read(GitRemoteSettings remote, GitAddress address)
    {
        if (address.Transport != GitTransport.Http)
        {
            return (null, null);
        }

        if (address.IsInTheClear && (remote.TokenFile ?? address.Password) is not null)
        {
            return (null, $"{address} would be sent the token unencrypted: use https, or take the token away");
        }

        var userName = remote.Username ?? address.UserName;
        if (userName?.Contains(':', StringComparison.Ordinal) == true)
        {
            return (null, "the user name of the remote holds a ':', which http does not allow");
        }

        if (remote.TokenFile is not { } file)
        {
            return address.Password is { } password ? (new GitSecret(password, userName ?? ""), null) : (null, null);
        }

        return SecretFile.TryReadToken(file, out var token, out var fault) ? (new GitSecret(token, userName ?? "x-access-token"), null) : (null, fault);
    }

    /// <summary>Text with the secret, plain or encoded, taken out.</summary>
    public string Redact(string text) =>
        text.Replace(Encoded, "***", StringComparison.Ordinal).Replace(Token, "***", StringComparison.Ordinal);

    public override string ToString() => "***";
}
