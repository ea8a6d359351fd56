using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Clean work trees of commits.</summary>
internal interface ICheckouts
{
    /// <summary>Lays out exactly one commit, submodules included, as a git work tree whose HEAD is that commit.</summary>
    /// <remarks>The path stays as it is until the next call; what a build left in it does not survive one.</remarks>
    Task<CheckoutOutcome> CheckOutAsync(Revision revision, CancellationToken cancellationToken);
}

/// <summary>What a checkout gave. A closed set.</summary>
internal abstract record CheckoutOutcome
{
    private CheckoutOutcome() { }

    /// <summary>The absolute path of the work tree.</summary>
    public sealed record Ready(string Path) : CheckoutOutcome;

    /// <summary>It failed.</summary>
    public sealed record Failed(Failure Failure) : CheckoutOutcome;
}
