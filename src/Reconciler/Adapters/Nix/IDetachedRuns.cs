namespace Reconciler.Adapters.Nix;

/// <summary>Runs programs that must not die with the daemon.</summary>
internal interface IDetachedRuns
{
    /// <summary>Starts a run, or joins the one of that name that runs already (see <see cref="DetachedRun.IsUnique"/>), and waits for its end.</summary>
    /// <remarks>
    /// A run of another name that is still under way is waited for first, for as long as this run itself may take: two at once would spoil each
    /// other's work. Cancelling ends the waiting, not the run.
    /// </remarks>
    Task<DetachedEnd> RunAsync(DetachedRun run, LineLog log, CancellationToken cancellationToken);

    /// <summary>Waits for a run that was found running.</summary>
    Task<DetachedEnd> AwaitAsync(string unit, LineLog log, CancellationToken cancellationToken);

    /// <summary>Looks for a run. One that has ended can be found until the next is started.</summary>
    Task<DetachedSighting> FindAsync(string unit, CancellationToken cancellationToken);
}
