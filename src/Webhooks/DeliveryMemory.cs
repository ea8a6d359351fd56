using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Webhooks;

/// <summary>
/// The last deliveries that were accepted, by fingerprint, so that each takes 16 bytes whatever a sender calls it. Not safe for several
/// threads: its owner holds a lock.
/// </summary>
internal sealed class DeliveryMemory
{
    private readonly int _capacity;
    private readonly HashSet<UInt128> _known;
    private readonly Queue<UInt128> _order;

    public DeliveryMemory(int capacity, IEnumerable<UInt128> saved)
    {
        _capacity = capacity;
        _known = new HashSet<UInt128>(capacity);
        _order = new Queue<UInt128>(capacity);
        foreach (var fingerprint in saved)
        {
            Remember(fingerprint);
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<UInt128> All => [.. _order];

    public static UInt128 Fingerprint(string deliveryId) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(deliveryId)));

    public bool Knows(UInt128 fingerprint) => _known.Contains(fingerprint);

    public void Remember(UInt128 fingerprint)
    {
        if (!_known.Add(fingerprint))
        {
            return;
        }

        _order.Enqueue(fingerprint);
        if (_order.Count > _capacity)
        {
            _known.Remove(_order.Dequeue());
        }
    }
}
