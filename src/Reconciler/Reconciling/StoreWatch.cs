using System.Diagnostics;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;

namespace Reconciler.Reconciling;

/// <summary>Remembers what is known of the store's soundness, and when to look at it again.</summary>
internal sealed class StoreWatch(IStoreCare care, Backoff backoff, TimeProvider clock)
{
    private bool _metDamage;
    private StoreLook? _unhappy;
    private int _attempts;
    private DateTimeOffset _until;

    /// <summary>What is known now.</summary>
    public StoreSighting Sighting => _unhappy switch
    {
        StoreLook.Done { Left: { } left } when clock.GetUtcNow() < _until => new StoreSighting.Damaged(left, _until),
        StoreLook.Failed failed when clock.GetUtcNow() < _until => new StoreSighting.Unknown(failed.Failure, _attempts, _until),
        null when !_metDamage && !care.IsSuspect => new StoreSighting.Sound(),
        _ => new StoreSighting.Suspect(),
    };

    /// <summary>A build came upon a damaged path: the next look is at the whole store.</summary>
    public void MetDamage() => _metDamage = true;

    /// <summary>Looks the store over and mends it.</summary>
    public async Task<StoreLook> MendAsync(IReadOnlyCollection<Toplevel> keep, CancellationToken cancellationToken)
    {
        var look = await care.MendAsync(keep, _metDamage, cancellationToken);
        var isWell = look switch
        {
            StoreLook.Done done => done.Left is null,
            StoreLook.Failed => false,
            _ => throw new UnreachableException(),
        };
        (_unhappy, _attempts) = isWell ? (null, 0) : (look, _attempts + 1);
        _until = isWell ? default : clock.GetUtcNow() + backoff.After(_attempts);
        return look;
    }

    /// <summary>What was found is in the ledger.</summary>
    public async Task ConcludeAsync(CancellationToken cancellationToken)
    {
        await care.ConcludeAsync(cancellationToken);
        _metDamage = false;
    }
}
