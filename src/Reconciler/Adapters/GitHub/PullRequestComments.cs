using Reconciler.Adapters.Forge;

namespace Reconciler.Adapters.GitHub;

/// <summary>Comments on pull requests that are found again by a hidden marker.</summary>
internal sealed class PullRequestComments(GitHubApi api)
{
    private const int MostPages = 20;

    /// <summary>Whether somebody wrote a comment with a marker.</summary>
    public async Task<bool> HasAsync(long pullRequest, string marker) =>
        (await api.CommentsAsync(pullRequest, MostPages)).Any(comment => comment.Body?.Contains(marker, StringComparison.Ordinal) == true);

    /// <summary>Writes a comment that any host may have written already.</summary>
    /// <returns>Whether it was written now.</returns>
    public async Task<bool> SayOnceAsync(long pullRequest, string marker, string text)
    {
        // Whose it is does not count: who imitates it only silences a courtesy.
        if (await HasAsync(pullRequest, marker))
        {
            return false;
        }

        await api.CommentAsync(pullRequest, text);
        return true;
    }

    /// <summary>Writes the one comment that is ours, or rewrites it in place.</summary>
    /// <param name="pullRequest">Where.</param>
    /// <param name="marker">What makes it findable.</param>
    /// <param name="text">The comment, marker included.</param>
    /// <param name="login">Tells who we are; null when GitHub does not say, as of an installation's token in a file. Asked only when it matters.</param>
    public async Task<CommentDocument> WriteAsync(long pullRequest, string marker, string text, Func<Task<string?>> login)
    {
        var marked = (await api.CommentsAsync(pullRequest, MostPages))
            .Where(comment => comment.Body?.TrimStart().StartsWith(marker, StringComparison.Ordinal) == true).ToList();
        var we = marked.Count == 0 ? null : await login();
        var ours = marked.FirstOrDefault(comment => IsOurs(comment.User, we));
        return ours is null ? await api.CommentAsync(pullRequest, text)
            : Markdown.IsSame(ours.Body, text) ? ours
            : await api.RewriteCommentAsync(ours.Id, text);
    }

    private static bool IsOurs(AccountDocument? user, string? login) =>
        login is null ? user?.Type == "Bot" : string.Equals(user?.Login, login, StringComparison.OrdinalIgnoreCase);
}
