namespace FakeGitHub.World;

internal sealed record PullRequest(long Id, long Number, string Title, string? Body, Account Author, DateTimeOffset CreatedAt)
{
    /// <summary>Owner and name of the repository the head branch is in.</summary>
    public required string HeadRepository { get; init; }

    public required string HeadRef { get; init; }

    public required string HeadSha { get; init; }

    public required string BaseRef { get; init; }

    /// <summary>The base branch's tip when the pull request was opened or its head last moved.</summary>
    public required string BaseSha { get; init; }

    public bool Open { get; init; } = true;

    public bool Draft { get; init; }

    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;

    public DateTimeOffset? ClosedAt { get; init; }

    public DateTimeOffset? MergedAt { get; init; }

    public Account? MergedBy { get; init; }

    public string? MergeSha { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public IReadOnlyList<Account> Reviewers { get; init; } = [];

    public bool Merged => MergedAt is not null;

    /// <summary><c>owner:branch</c>.</summary>
    public string HeadLabel => $"{HeadRepository.Split('/')[0]}:{HeadRef}";
}
