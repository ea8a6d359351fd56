using System.Text;

namespace Webhooks.Payloads;

/// <summary>Where a field stands: at the top, or one object deeper.</summary>
internal sealed class FieldPath(string outer, string name, PayloadField meaning)
{
    private readonly byte[] _outer = Encoding.UTF8.GetBytes(outer);
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    /// <summary>The name of the object it stands in; empty at the top.</summary>
    public ReadOnlySpan<byte> Outer => _outer;

    /// <summary>Its own name.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>What it tells.</summary>
    public PayloadField Meaning => meaning;
}
