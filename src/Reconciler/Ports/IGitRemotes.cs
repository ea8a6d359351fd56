using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>The remotes of the repository.</summary>
internal interface IGitRemotes
{
    /// <summary>Configured names, in order of preference.</summary>
    ImmutableArray<string> Names { get; }

    /// <summary>Looks at one remote: reads its watched tips and fetches what is new into the local mirror.</summary>
    /// <remarks>
    /// When the tips are those of <paramref name="before"/>, no process is started (path and HTTP remotes) and no history is walked.
    /// Bounded by the remote's own timeout. Trouble is an outcome, never an exception; only cancellation is thrown.
    /// </remarks>
    Task<RemoteLook> LookAsync(string remote, RemoteView? before, CancellationToken cancellationToken);
}

/// <summary>What a look at a remote gave. A closed set.</summary>
internal abstract record RemoteLook
{
    private RemoteLook() { }

    /// <summary>It answered; both tips are in the local mirror, whole.</summary>
    public sealed record Tips(Revision? Main, Revision? Testing) : RemoteLook;

    /// <summary>It could not be read.</summary>
    /// <param name="Detail">Cause and cure in one line; bounded, free of secrets.</param>
    public sealed record Failed(string Detail) : RemoteLook;
}
