namespace Reconciler.Adapters.Forge.Http;

/// <summary>Where a forge's API is, and who asks there.</summary>
internal sealed record ForgeAccess
{
    /// <summary>The forge's name for people.</summary>
    public required string Forge { get; init; }

    /// <summary>The API's address, ending in <c>/</c>, such as <c>https://codeberg.org/api/v1/</c>.</summary>
    public required Uri Root { get; init; }

    /// <summary>Absolute path of a file with one token; read at each request, so that a new token counts at once.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The word before the token in the Authorization header.</summary>
    public required string Scheme { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether the token would be sent unencrypted over a network.</summary>
    public bool IsInTheClear => Root.Scheme != "https" && !Root.IsLoopback;

    /// <summary>The address with the slash at its end that relative addresses need.</summary>
    public static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
