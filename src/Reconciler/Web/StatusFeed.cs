using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Reconciler.Web;

/// <summary>Tells listeners when what is shown has changed. One wait serves them all, and it ends with the first change that nobody listens to.</summary>
internal sealed class StatusFeed(SiteServices services, StatusSnapshots snapshots, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<StatusSnapshot>> _listeners = [];
    private bool _isWatched;

    /// <summary>The status now, unless the listener has seen it, and then each that differs. A listener that lags gets the newest only.</summary>
    /// <param name="seen">Id of the event that was seen last; null when none was.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<SiteEvent> ListenAsync(string? seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<StatusSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Join(channel);
        try
        {
            await foreach (var snapshot in channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (snapshot.Id != seen)
                {
                    seen = snapshot.Id;
                    yield return new SiteEvent("status", snapshot.Id, Encoding.UTF8.GetString(snapshot.Json.Span));
                }
            }
        }
        finally
        {
            Leave(channel);
        }
    }

    private void Join(Channel<StatusSnapshot> channel)
    {
        lock (_gate)
        {
            // In here, so that nothing older overwrites what is published meanwhile.
            channel.Writer.TryWrite(snapshots.Now());
            _listeners.Add(channel);
            if (!_isWatched)
            {
                _isWatched = true;
                _ = Task.Run(WatchAsync, CancellationToken.None);
            }
        }
    }

    private void Leave(Channel<StatusSnapshot> channel)
    {
        lock (_gate)
        {
            _listeners.Remove(channel);
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            // A change between the listener's first look and this one is told here.
            var status = services.Board.Current;
            while (Publish(snapshots.Now()))
            {
                status = await services.Board.NextAsync(status, stopping);
            }
        }
        catch (Exception e)
        {
            // Whoever listens comes back by itself, and then begins anew.
            End(e);
        }
    }

    private bool Publish(StatusSnapshot snapshot)
    {
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                listener.Writer.TryWrite(snapshot);
            }

            return _isWatched = _listeners.Count > 0;
        }
    }

    private void End(Exception e)
    {
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                listener.Writer.TryComplete(e);
            }

            _listeners.Clear();
            _isWatched = false;
        }
    }
}
