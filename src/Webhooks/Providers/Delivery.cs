using Microsoft.AspNetCore.Http;

namespace Webhooks.Providers;

/// <summary>A request as it came: headers, and the body as sent, which must not be touched before the signature is checked.</summary>
internal readonly ref struct Delivery(IHeaderDictionary headers, ReadOnlySpan<byte> body)
{
    private const int LongestName = 128;

    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>The header's value; null when it is absent, empty or there more than once.</summary>
    public string? Header(string name) => headers.TryGetValue(name, out var values) && values.Count == 1 && values[0] is { Length: > 0 } value ? value : null;

    /// <summary>The header's value, when it is a short name: 1 to 128 printable ASCII characters.</summary>
    public string? Name(string name) => Header(name) is { Length: <= LongestName } value && value.All(character => character is > ' ' and < '\x7f') ? value : null;
}
