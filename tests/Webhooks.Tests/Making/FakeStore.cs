namespace Webhooks.Tests.Making;

/// <summary>Keeps fingerprints in memory, or fails.</summary>
internal sealed class FakeStore : IDeliveryStore
{
    public IReadOnlyList<UInt128> Saved { get; private set; } = [];

    public int Saves { get; private set; }

    public string? Fault { get; set; }

    public IReadOnlyList<UInt128> Load() => Fault is null ? Saved : throw new IOException(Fault);

    public void Save(IReadOnlyList<UInt128> fingerprints)
    {
        Saves++;
        Saved = Fault is null ? fingerprints : throw new IOException(Fault);
    }
}
