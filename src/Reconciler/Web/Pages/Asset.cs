using System.Security.Cryptography;

namespace Reconciler.Web.Pages;

/// <summary>A file the program carries for the page. Its path has the digits of its content, so that it may be kept for ever.</summary>
internal sealed class Asset
{
    private const int PathDigits = 16;

    private Asset(string name, string type)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream($"page.{name}")
            ?? throw new InvalidOperationException($"{name} is not part of this program.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        Content = memory.ToArray();
        ContentType = type;
        Path = $"/assets/{Convert.ToHexStringLower(SHA256.HashData(Content.Span))[..PathDigits]}/{name}";
    }

    /// <summary>The style sheet.</summary>
    public static Asset Style { get; } = new("style.css", "text/css; charset=utf-8");

    /// <summary>What makes the page live.</summary>
    public static Asset Script { get; } = new("script.js", "text/javascript; charset=utf-8");

    /// <summary>The icon.</summary>
    public static Asset Icon { get; } = new("icon.svg", "image/svg+xml");

    /// <summary>The description of the JSON API.</summary>
    public static Asset OpenApi { get; } = new("openapi.json", "application/json; charset=utf-8");

    /// <summary>Where it is served.</summary>
    public string Path { get; }

    /// <summary>What it is.</summary>
    public string ContentType { get; }

    /// <summary>The file.</summary>
    public ReadOnlyMemory<byte> Content { get; }
}
