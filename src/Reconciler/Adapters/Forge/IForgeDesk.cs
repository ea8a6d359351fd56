namespace Reconciler.Adapters.Forge;

/// <summary>The few things a forge has to be able to do for <see cref="ForgeTelling"/>, each in one or two requests.</summary>
/// <remarks>Trouble is thrown as <see cref="Http.ForgeTroubleException"/>.</remarks>
internal interface IForgeDesk
{
    /// <summary>Who the token belongs to; null when the forge does not tell.</summary>
    Task<string?> WhoAsync(CancellationToken cancellationToken);

    /// <summary>The pull request of a branch of this repository against the watched branch: the open one, else the newest; null when there is none.</summary>
    Task<ForgePull?> FindAsync(string branch, CancellationToken cancellationToken);

    /// <summary>The commit at the tip of a branch; null when there is no such branch.</summary>
    Task<ForgeTip?> TipAsync(string branch, CancellationToken cancellationToken);

    /// <summary>Opens a pull request; null when there is one already.</summary>
    Task<ForgePull?> OpenAsync(string branch, string title, string body, CancellationToken cancellationToken);

    /// <summary>Changes the description.</summary>
    Task RewriteAsync(long number, string body, CancellationToken cancellationToken);

    /// <summary>Closes a pull request without merging it.</summary>
    Task CloseAsync(long number, CancellationToken cancellationToken);

    /// <summary>What people and programs wrote on a pull request, oldest first.</summary>
    Task<IReadOnlyList<ForgeComment>> CommentsAsync(long number, CancellationToken cancellationToken);

    /// <summary>Writes a comment.</summary>
    /// <returns>Where it can be seen; null when nowhere of its own.</returns>
    Task<Uri?> CommentAsync(long number, string body, CancellationToken cancellationToken);

    /// <summary>Changes a comment.</summary>
    Task RewriteCommentAsync(long number, ForgeComment comment, string body, CancellationToken cancellationToken);
}
