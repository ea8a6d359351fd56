using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Reconciler.Web;

/// <summary>Tells listeners when what is shown has changed. One wait serves them all, and while nobody listens nothing waits.</summary>
internal sealed class StatusFeed(SiteServices services, StatusSnapshots snapshots)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<StatusSnapshot>> _listeners = [];
    private CancellationTokenSource? _watching;

    /// <summary>The status now, unless the listener has seen it, and then each that differs. A listener that lags gets the newest only.</summary>
    /// <param name="seen">Id of the event that was seen last; null when none was.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<SiteEvent> ListenAsync(string? seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<StatusSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Join(channel);
        try
        {
            channel.Writer.TryWrite(snapshots.Now());
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
            _listeners.Add(channel);
            if (_watching is null)
            {
                _watching = new CancellationTokenSource();
                var token = _watching.Token;
                _ = Task.Run(() => WatchAsync(token), CancellationToken.None);
            }
        }
    }

    private void Leave(Channel<StatusSnapshot> channel)
    {
        lock (_gate)
        {
            _listeners.Remove(channel);
            if (_listeners.Count == 0)
            {
                _watching?.Cancel();
                _watching?.Dispose();
                _watching = null;
            }
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A change between the listener's first look and this one is told here.
            var status = services.Board.Current;
            Publish(snapshots.Now());
            while (true)
            {
                status = await services.Board.NextAsync(status, cancellationToken);
                Publish(snapshots.Now());
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception e)
        {
            End(e, cancellationToken);
        }
    }

    private void Publish(StatusSnapshot snapshot)
    {
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                listener.Writer.TryWrite(snapshot);
            }
        }
    }

    // Whoever listens comes back by itself, and then begins anew.
    private void End(Exception e, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            foreach (var listener in _listeners)
            {
                listener.Writer.TryComplete(e);
            }

            _listeners.Clear();
            _watching?.Dispose();
            _watching = null;
        }
    }
}
