using System.Net;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Forge.Http;

namespace Reconciler.Adapters.GitLab;

/// <summary>Merge requests and their notes at GitLab.</summary>
/// <remarks>
/// After GitLab's API documents (<c>doc/api/merge_requests.md</c>, <c>notes.md</c>, <c>branches.md</c>): 409 when an open merge request of the two branches
/// is there; people's notes and the system's come in one list.
/// </remarks>
internal sealed class GitLabDesk(ForgeHttp http, GitLabSettings settings) : IForgeDesk
{
    private const int PageSize = 100;
    private const int MostNotes = 2000;

    /// <inheritdoc/>
    public async Task<string?> WhoAsync(CancellationToken cancellationToken)
    {
        var reply = await http.GetAsync("user", cancellationToken);
        return reply.IsWell ? reply.Read(GitLabJson.Default.UserDocument).Username : null;
    }

    /// <inheritdoc/>
    public async Task<ForgePull?> FindAsync(string branch, CancellationToken cancellationToken)
    {
        var all = await http.ListAsync(
            $"{settings.Path}/merge_requests?state=all&source_branch={Uri.EscapeDataString(branch)}&target_branch={Uri.EscapeDataString(settings.Branch)}"
            + $"&order_by=created_at&sort=desc&per_page={PageSize}",
            PageSize,
            PageSize,
            GitLabJson.Default.MergeRequestDocumentArray,
            cancellationToken);
        var own = all.FindAll(request => !IsFromFork(request));
        return (own.Find(request => State(request) == ForgePullState.Open) ?? own.FirstOrDefault()) is { } found ? Pull(found) : null;
    }

    /// <inheritdoc/>
    public async Task<ForgeTip?> TipAsync(string branch, CancellationToken cancellationToken)
    {
        var reply = await http.GetAsync($"{settings.Path}/repository/branches/{Uri.EscapeDataString(branch)}", cancellationToken);
        if (reply.Status == HttpStatusCode.NotFound)
        {
            return null;
        }

        var commit = http.Well(reply, "read a branch").Read(GitLabJson.Default.BranchDocument).Commit;
        return new ForgeTip(commit?.ParentIds ?? [], commit?.Message ?? "");
    }

    /// <inheritdoc/>
    public async Task<ForgePull?> OpenAsync(string branch, string title, string body, CancellationToken cancellationToken)
    {
        var reply = await http.SendAsync(
            HttpMethod.Post,
            $"{settings.Path}/merge_requests",
            new NewMergeRequest(branch, settings.Branch, title, body, RemoveSourceBranch: true),
            GitLabJson.Default.NewMergeRequest,
            cancellationToken);
        return reply.Status == HttpStatusCode.Conflict ? null : Pull(http.Well(reply, "open a merge request").Read(GitLabJson.Default.MergeRequestDocument));
    }

    /// <inheritdoc/>
    public Task RewriteAsync(long number, string body, CancellationToken cancellationToken) =>
        EditAsync(number, new MergeRequestEdit(body, null), "change a merge request", cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(long number, CancellationToken cancellationToken) =>
        EditAsync(number, new MergeRequestEdit(null, "close"), "close a merge request", cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ForgeComment>> CommentsAsync(long number, CancellationToken cancellationToken)
    {
        var notes = await http.ListAsync(
            $"{settings.Path}/merge_requests/{number}/notes?sort=asc&order_by=created_at&per_page={PageSize}",
            PageSize,
            MostNotes,
            GitLabJson.Default.NoteDocumentArray,
            cancellationToken);
        return [.. notes.Where(note => !note.System).Select(note => new ForgeComment(note.Id, note.Author?.Username ?? "", note.Body ?? "", null))];
    }

    /// <inheritdoc/>
    public async Task<Uri?> CommentAsync(long number, string body, CancellationToken cancellationToken)
    {
        http.Well(
            await http.SendAsync(HttpMethod.Post, $"{settings.Path}/merge_requests/{number}/notes", new NewNote(body), GitLabJson.Default.NewNote, cancellationToken),
            "comment on a merge request");
        return null;
    }

    /// <inheritdoc/>
    public async Task RewriteCommentAsync(long number, ForgeComment comment, string body, CancellationToken cancellationToken) => http.Well(
        await http.SendAsync(
            HttpMethod.Put, $"{settings.Path}/merge_requests/{number}/notes/{comment.Id}", new NewNote(body), GitLabJson.Default.NewNote, cancellationToken),
        "change a comment");

    /// <summary>The open merge requests against the watched branch, the latest changed first.</summary>
    public Task<List<MergeRequestDocument>> OpenAsync(int most, CancellationToken cancellationToken) => http.ListAsync(
        $"{settings.Path}/merge_requests?state=opened&target_branch={Uri.EscapeDataString(settings.Branch)}&order_by=updated_at&sort=desc&per_page={PageSize}",
        PageSize,
        most,
        GitLabJson.Default.MergeRequestDocumentArray,
        cancellationToken);

    /// <summary>Whether its source lives in another project.</summary>
    public static bool IsFromFork(MergeRequestDocument request) => request.SourceProjectId is not { } source || source != request.TargetProjectId;

    private async Task EditAsync(long number, MergeRequestEdit edit, string what, CancellationToken cancellationToken) => http.Well(
        await http.SendAsync(HttpMethod.Put, $"{settings.Path}/merge_requests/{number}", edit, GitLabJson.Default.MergeRequestEdit, cancellationToken), what);

    // "locked" is a merge request that is being merged just now.
    private static ForgePullState State(MergeRequestDocument request) => request.State switch
    {
        "opened" => ForgePullState.Open,
        "merged" or "locked" => ForgePullState.Merged,
        _ => ForgePullState.Closed,
    };

    private static ForgePull Pull(MergeRequestDocument request) => new(request.Iid, State(request), request.Description ?? "", ForgeNames.Link(request.WebUrl));
}
