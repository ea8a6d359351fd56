using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Webhooks;

/// <summary>
/// Secrets in files, one each, read anew every time. A line end after the secret is not part of it. A file that is missing, unreadable,
/// blank or larger than 4 KiB gives no secret, and the log says so, at most once a minute.
/// </summary>
public sealed partial class SecretFiles(IReadOnlyList<string> paths, TimeProvider clock, ILogger<SecretFiles> logger) : IWebhookSecrets
{
    private const int Largest = 4096;
    private readonly OncePerMinute[] _paces = [.. paths.Select(_ => new OncePerMinute(clock))];

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Read()
    {
        var secrets = new List<byte[]>(paths.Count);
        for (var i = 0; i < paths.Count; i++)
        {
            if (ReadOne(paths[i], _paces[i]) is { } secret)
            {
                secrets.Add(secret);
            }
        }

        return secrets;
    }

    private byte[]? ReadOne(string path, OncePerMinute pace)
    {
        Span<byte> buffer = stackalloc byte[Largest + 1];
        try
        {
            using var file = File.OpenHandle(path);
            var secret = Trimmed(buffer[..RandomAccess.Read(file, buffer, 0)]);
            if (secret.Length > Largest || secret.IndexOfAnyExcept(" \t\r\n\0"u8) < 0)
            {
                Tell(path, pace, secret.Length > Largest ? "it is larger than 4 KiB" : "it is empty");
                return null;
            }

            return secret.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            Tell(path, pace, e.Message);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private void Tell(string path, OncePerMinute pace, string reason)
    {
        if (pace.MayTell(out _))
        {
            LogUnusable(path, reason);
        }
    }

    private static Span<byte> Trimmed(Span<byte> text) => text.TrimEnd("\r\n"u8);
}
