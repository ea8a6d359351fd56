namespace Webhooks;

/// <summary>Keeps the deliveries that were heard over a restart. Called by one thread at a time.</summary>
public interface IDeliveryStore
{
    /// <summary>The fingerprints saved last, oldest first; empty when there are none.</summary>
    /// <exception cref="IOException">They cannot be read; the endpoint goes on without them.</exception>
    IReadOnlyList<UInt128> Load();

    /// <summary>Replaces what was saved.</summary>
    /// <param name="fingerprints">Oldest first.</param>
    /// <exception cref="IOException">They cannot be written; the endpoint goes on, and tries again after the next delivery.</exception>
    void Save(IReadOnlyList<UInt128> fingerprints);
}
