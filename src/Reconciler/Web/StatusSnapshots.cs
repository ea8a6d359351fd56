namespace Reconciler.Web;

/// <summary>Takes snapshots of the status. While nothing differs the last one is given again, so that what is made of it has the same tag.</summary>
internal sealed class StatusSnapshots(SiteServices services)
{
    private volatile StatusSnapshot? _last;

    /// <summary>The status now.</summary>
    public StatusSnapshot Now()
    {
        var now = StatusSnapshot.Of(services.Board.Current, services.Version);
        if (_last is { } last && now.TellsAs(last) && ReferenceEquals(now.Status.History, last.Status.History))
        {
            return last;
        }

        _last = now;
        return now;
    }
}
