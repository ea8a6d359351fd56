using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Octokit;
using Octokit.Internal;
using Reconciler.Model;

namespace Reconciler.Adapters.GitHub;

/// <summary>GitHub's REST API as far as it is needed, for one call of the port: Octokit's connection, requests and errors, and our own documents for answers.</summary>
/// <remarks>Each method throws what Octokit throws, and <see cref="GitHubUnavailableException"/>. Methods that look for something answer null for "not there".</remarks>
internal sealed class GitHubApi
{
    /// <summary>The most entries GitHub gives on a page.</summary>
    public const int PageSize = 100;

    private readonly Connection _connection;
    private readonly Uri _root;
    private readonly string _repository;

    /// <summary>Makes one for a call.</summary>
    public GitHubApi(IHttpClient shared, GitHubSettings settings, CancellationToken cancellationToken)
    {
        _root = settings.Root;
        _repository = $"repos/{Uri.EscapeDataString(settings.Owner)}/{Uri.EscapeDataString(settings.Repository)}";
#pragma warning disable CA2000 // it has nothing to dispose of
        _connection = new Connection(
            new ProductHeaderValue("reconciler"),
            _root,
            new InMemoryCredentialStore(Credentials.Anonymous), // credentials are the handlers': Octokit and its exceptions never see one
            new GitHubHttpClient(shared, cancellationToken),
            new SimpleJsonSerializer());
#pragma warning restore CA2000
        CancellationToken = cancellationToken;
    }

    /// <summary>Ends the call.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The repository, under its present name.</summary>
    public Task<RepositoryDocument> RepositoryAsync() => GetAsync<RepositoryDocument>(_repository);

    /// <summary>Whoever asks.</summary>
    public Task<AccountDocument> UserAsync() => GetAsync<AccountDocument>("user");

    /// <summary>The latest status of a context, whatever the case of its name.</summary>
    public async Task<StatusDocument?> StatusAsync(Revision commit, string context, int mostPages)
    {
        var next = Address($"{_repository}/commits/{commit.Sha}/status", ("per_page", PageSize));
        for (var page = 0; next is not null && page < mostPages; page++)
        {
            var response = await _connection.Get<CombinedStatusDocument>(next, null, null, CancellationToken);
            if (response.Body?.Statuses?.FirstOrDefault(status => string.Equals(status.Context, context, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return found;
            }

            next = Next(response);
        }

        return null;
    }

    /// <summary>Sets a status.</summary>
    public Task SetStatusAsync(Revision commit, NewCommitStatus status) => PostAsync<StatusDocument>($"{_repository}/statuses/{commit.Sha}", status);

    /// <summary>The deployments of a commit to an environment that were made for a task.</summary>
    public Task<ImmutableArray<DeploymentDocument>> DeploymentsAsync(Revision commit, string environment, string task, int mostPages) => GetAllAsync<DeploymentDocument>(
        Address($"{_repository}/deployments", ("sha", commit.Sha), ("environment", environment), ("task", task), ("per_page", PageSize)), mostPages);

    /// <summary>Makes a deployment.</summary>
    public Task<DeploymentDocument> MakeDeploymentAsync(NewDeployment deployment) => PostAsync<DeploymentDocument>($"{_repository}/deployments", deployment);

    /// <summary>The latest status of a deployment.</summary>
    public async Task<DeploymentStatusDocument?> DeploymentStatusAsync(long deployment) =>
        (await GetAllAsync<DeploymentStatusDocument>(Address(FormattableString.Invariant($"{_repository}/deployments/{deployment}/statuses"), ("per_page", 1)), mostPages: 1))
        .FirstOrDefault();

    /// <summary>Sets a status of a deployment.</summary>
    public Task SetDeploymentStatusAsync(long deployment, NewDeploymentStatus status) =>
        PostAsync<DeploymentStatusDocument>(FormattableString.Invariant($"{_repository}/deployments/{deployment}/statuses"), status);

    /// <summary>The commit at the head of a branch.</summary>
    public async Task<string?> HeadAsync(string branch) =>
        (await FindAsync(() => GetAsync<ReferenceDocument>($"{_repository}/git/ref/heads/{Escape(branch)}")))?.Object?.Sha;

    /// <summary>A commit.</summary>
    public Task<CommitDocument?> CommitAsync(string sha) => FindAsync(() => GetAsync<CommitDocument>($"{_repository}/git/commits/{sha}"));

    /// <summary>Makes a commit that no ref leads to yet.</summary>
    public Task<CommitDocument> MakeCommitAsync(NewCommit commit) => PostAsync<CommitDocument>($"{_repository}/git/commits", commit);

    /// <summary>Makes a branch.</summary>
    public Task MakeBranchAsync(string branch, string sha) => PostAsync<ReferenceDocument>($"{_repository}/git/refs", new NewReference($"refs/heads/{branch}", sha));

    /// <summary>Pull requests from a branch, closed ones too, the latest made first.</summary>
    public Task<ImmutableArray<PullRequestDocument>> PullRequestsFromAsync(string owner, string branch, string @base) => GetAllAsync<PullRequestDocument>(
        Address($"{_repository}/pulls", ("head", $"{owner}:{branch}"), ("base", @base), ("state", "all"), ("sort", "created"), ("direction", "desc"), ("per_page", PageSize)), mostPages: 1);

    /// <summary>The open pull requests against a branch, the latest changed first; one page.</summary>
    public Task<ImmutableArray<PullRequestDocument>> OpenPullRequestsAsync(string @base) => GetAllAsync<PullRequestDocument>(
        Address($"{_repository}/pulls", ("state", "open"), ("base", @base), ("sort", "updated"), ("direction", "desc"), ("per_page", PageSize)), mostPages: 1);

    /// <summary>A pull request.</summary>
    public Task<PullRequestDocument> PullRequestAsync(long number) => GetAsync<PullRequestDocument>(Pull(number));

    /// <summary>Opens a pull request.</summary>
    public Task<PullRequestDocument> OpenPullRequestAsync(NewPullRequest pullRequest) => PostAsync<PullRequestDocument>($"{_repository}/pulls", pullRequest);

    /// <summary>Changes a pull request.</summary>
    public Task<PullRequestDocument> UpdatePullRequestAsync(long number, PullRequestUpdate update) => PatchAsync<PullRequestDocument>(Pull(number), update);

    /// <summary>The comments on a pull request, oldest first.</summary>
    public Task<ImmutableArray<CommentDocument>> CommentsAsync(long number, int mostPages) =>
        GetAllAsync<CommentDocument>(Address(FormattableString.Invariant($"{_repository}/issues/{number}/comments"), ("per_page", PageSize)), mostPages);

    /// <summary>Writes a comment.</summary>
    public Task<CommentDocument> CommentAsync(long number, string body) =>
        PostAsync<CommentDocument>(FormattableString.Invariant($"{_repository}/issues/{number}/comments"), new Dictionary<string, string> { ["body"] = body });

    /// <summary>Rewrites a comment.</summary>
    public Task<CommentDocument> RewriteCommentAsync(long comment, string body) =>
        PatchAsync<CommentDocument>(FormattableString.Invariant($"{_repository}/issues/comments/{comment}"), new Dictionary<string, string> { ["body"] = body });

    /// <summary>A label of the repository.</summary>
    public Task<LabelDocument?> LabelAsync(string name) => FindAsync(() => GetAsync<LabelDocument>($"{_repository}/labels/{Uri.EscapeDataString(name)}"));

    /// <summary>Makes a label.</summary>
    public Task MakeLabelAsync(NewLabel label) => PostAsync<LabelDocument>($"{_repository}/labels", label);

    /// <summary>Gives a pull request labels.</summary>
    public Task AddLabelsAsync(long number, IReadOnlyList<string> labels) => PostAsync<List<LabelDocument>>(
        FormattableString.Invariant($"{_repository}/issues/{number}/labels"), new Dictionary<string, object> { ["labels"] = labels });

    /// <summary>The repository's webhooks.</summary>
    public Task<ImmutableArray<HookDocument>> HooksAsync() => GetAllAsync<HookDocument>(Address($"{_repository}/hooks", ("per_page", PageSize)), mostPages: 1);

    /// <summary>Asks for something only to see whether it may be seen.</summary>
    /// <param name="path">Below the repository; empty for the repository itself.</param>
    /// <returns>What came with the answer.</returns>
    public async Task<ApiInfo> ProbeAsync(string path) =>
        (await _connection.Get<object>(Address(path.Length == 0 ? _repository : $"{_repository}/{path}"), null, null, CancellationToken)).HttpResponse.ApiInfo;

    private async Task<T> GetAsync<T>(string path)
        where T : class => Whole((await _connection.Get<T>(Address(path), null, null, CancellationToken)).Body);

    private async Task<T> PostAsync<T>(string path, object body)
        where T : class => Whole((await _connection.Post<T>(Address(path), body, null, null, parameters: null, CancellationToken)).Body);

    private async Task<T> PatchAsync<T>(string path, object body)
        where T : class => Whole((await _connection.Patch<T>(Address(path), body)).Body);

    // Octokit's own paging follows a link to anywhere, and for ever when a page leads to itself.
    private async Task<ImmutableArray<T>> GetAllAsync<T>(Uri first, int mostPages)
        where T : class
    {
        var all = ImmutableArray.CreateBuilder<T>();
        var next = first;
        for (var page = 0; next is not null && page < mostPages; page++)
        {
            var response = await _connection.Get<List<T>>(next, null, null, CancellationToken);
            all.AddRange(Whole(response.Body).Where(item => item is not null));
            next = Next(response);
        }

        return all.ToImmutable();
    }

    private Uri? Next<T>(IApiResponse<T> response) =>
        response.HttpResponse.ApiInfo.Links.TryGetValue("next", out var next)
        && next.IsAbsoluteUri && next.GetLeftPart(UriPartial.Authority) == _root.GetLeftPart(UriPartial.Authority) ? next : null;

    private static async Task<T?> FindAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private T Whole<T>(T? body)
        where T : class =>
        body ?? throw new GitHubUnavailableException($"{_root} gave an empty answer where GitHub gives a document: look at the address of the API, and at proxies");

    private string Pull(long number) => FormattableString.Invariant($"{_repository}/pulls/{number}");

    private static string Escape(string branch) => string.Join('/', branch.Split('/').Select(Uri.EscapeDataString));

    private static Uri Address(string path, params (string Name, object Value)[] query) => new(
        query.Length == 0
            ? path
            : $"{path}?{string.Join('&', query.Select(part => $"{part.Name}={Uri.EscapeDataString(Convert.ToString(part.Value, CultureInfo.InvariantCulture)!)}"))}",
        UriKind.Relative);
}
