using System.Net;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Forge.Http;

namespace Reconciler.Adapters.Forgejo;

/// <summary>Pull requests and comments at Forgejo and Gitea.</summary>
/// <remarks>
/// After the API both document under <c>/api/swagger</c> and Gitea's <c>routers/api/v1/repo/pull.go</c> and <c>modules/structs/pull.go</c>: 409 when an open
/// pull request of the two branches is there; comments come in one piece; a body that is left out stays.
/// </remarks>
internal sealed class ForgejoDesk(ForgeHttp http, ForgejoSettings settings) : IForgeDesk
{
    private const int PageSize = 50; // the most a server gives unless it was told otherwise
    private const int MostSearched = 500;

    /// <inheritdoc/>
    public async Task<string?> WhoAsync(CancellationToken cancellationToken)
    {
        // A token that is limited to repositories may not ask this.
        var reply = await http.GetAsync("user", cancellationToken);
        return reply.IsWell ? reply.Read(ForgejoJson.Default.UserDocument).Login : null;
    }

    /// <inheritdoc/>
    public async Task<ForgePull?> FindAsync(string branch, CancellationToken cancellationToken)
    {
        var reply = await http.GetAsync($"{settings.Path}/pulls/{Uri.EscapeDataString(settings.Branch)}/{branch}", cancellationToken);
        var known = reply.Status == HttpStatusCode.NotFound ? null : http.Well(reply, "look for a pull request").Read(ForgejoJson.Default.PullDocument);
        if (known is { State: "open" })
        {
            return Pull(known);
        }

        // Of several the server names any one, so an open one is looked for.
        var open = await OpenAsync(MostSearched, cancellationToken);
        return open.Find(pull => pull.Head?.Ref == branch && !IsFromFork(pull)) is { } found ? Pull(found) : known is null ? null : Pull(known);
    }

    /// <inheritdoc/>
    public async Task<ForgeTip?> TipAsync(string branch, CancellationToken cancellationToken)
    {
        var reply = await http.GetAsync($"{settings.Path}/branches/{branch}", cancellationToken);
        if (reply.Status == HttpStatusCode.NotFound)
        {
            return null;
        }

        var id = http.Well(reply, "read a branch").Read(ForgejoJson.Default.BranchDocument).Commit?.Id ?? "";
        var commit = http.Well(await http.GetAsync($"{settings.Path}/git/commits/{Uri.EscapeDataString(id)}", cancellationToken), "read a commit")
            .Read(ForgejoJson.Default.CommitDocument);
        return new ForgeTip([.. (commit.Parents ?? []).Select(parent => parent.Sha ?? "")], commit.Commit?.Message ?? "");
    }

    /// <inheritdoc/>
    public async Task<ForgePull?> OpenAsync(string branch, string title, string body, CancellationToken cancellationToken)
    {
        var reply = await http.SendAsync(
            HttpMethod.Post, $"{settings.Path}/pulls", new NewPull(branch, settings.Branch, title, body), ForgejoJson.Default.NewPull, cancellationToken);
        return reply.Status == HttpStatusCode.Conflict ? null : Pull(http.Well(reply, "open a pull request").Read(ForgejoJson.Default.PullDocument));
    }

    /// <inheritdoc/>
    public Task RewriteAsync(long number, string body, CancellationToken cancellationToken) =>
        EditAsync($"{settings.Path}/pulls/{number}", new Edit(body, null), "change a pull request", cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(long number, CancellationToken cancellationToken) =>
        EditAsync($"{settings.Path}/pulls/{number}", new Edit(null, "closed"), "close a pull request", cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ForgeComment>> CommentsAsync(long number, CancellationToken cancellationToken)
    {
        var reply = http.Well(await http.GetAsync($"{settings.Path}/issues/{number}/comments", cancellationToken), "read the comments of a pull request");
        return [.. reply.Read(ForgejoJson.Default.CommentDocumentArray).Select(Comment)];
    }

    /// <inheritdoc/>
    public async Task<Uri?> CommentAsync(long number, string body, CancellationToken cancellationToken)
    {
        var reply = await http.SendAsync(
            HttpMethod.Post, $"{settings.Path}/issues/{number}/comments", new Edit(body, null), ForgejoJson.Default.Edit, cancellationToken);
        return Comment(http.Well(reply, "comment on a pull request").Read(ForgejoJson.Default.CommentDocument)).Link;
    }

    /// <inheritdoc/>
    public Task RewriteCommentAsync(long number, ForgeComment comment, string body, CancellationToken cancellationToken) =>
        EditAsync($"{settings.Path}/issues/comments/{comment.Id}", new Edit(body, null), "change a comment", cancellationToken);

    /// <summary>The open pull requests against the watched branch, the latest changed first.</summary>
    /// <param name="most">At most so many.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<List<PullDocument>> OpenAsync(int most, CancellationToken cancellationToken)
    {
        // Old servers do not know base_branch, and send all.
        var all = await http.ListAsync(
            $"{settings.Path}/pulls?state=open&sort=recentupdate&base_branch={Uri.EscapeDataString(settings.Branch)}&limit={PageSize}",
            PageSize,
            most,
            ForgejoJson.Default.PullDocumentArray,
            cancellationToken);
        return all.FindAll(pull => pull.Base?.Ref == settings.Branch);
    }

    /// <summary>Whether its head lives in another repository.</summary>
    public static bool IsFromFork(PullDocument pull) => pull.Head?.RepoId is not { } head || head != pull.Base?.RepoId;

    private async Task EditAsync(string path, Edit edit, string what, CancellationToken cancellationToken) =>
        http.Well(await http.SendAsync(HttpMethod.Patch, path, edit, ForgejoJson.Default.Edit, cancellationToken), what);

    private static ForgePull Pull(PullDocument pull) => new(
        pull.Number,
        pull.Merged ? ForgePullState.Merged : pull.State == "open" ? ForgePullState.Open : ForgePullState.Closed,
        pull.Body ?? "",
        ForgeNames.Link(pull.HtmlUrl));

    private static ForgeComment Comment(CommentDocument comment) =>
        new(comment.Id, comment.User?.Login ?? "", comment.Body ?? "", ForgeNames.Link(comment.HtmlUrl));
}
