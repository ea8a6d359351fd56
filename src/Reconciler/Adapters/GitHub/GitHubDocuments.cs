namespace Reconciler.Adapters.GitHub;

// What is read of GitHub's answers, field by field as GitHub names them. Octokit's own models are not used for answers: they refuse an account type,
// a visibility or a number they do not know, and with it the whole answer (docs/decisions/0011-octokit.md). Everything may be missing.

/// <summary>Somebody.</summary>
internal sealed record AccountDocument
{
    public string? Login { get; init; }

    public string? Type { get; init; }
}

/// <summary>A repository.</summary>
internal sealed record RepositoryDocument
{
    public long Id { get; init; }

    public string? Name { get; init; }

    public string? FullName { get; init; }

    public AccountDocument? Owner { get; init; }

    public bool Archived { get; init; }

    public PermissionsDocument? Permissions { get; init; }
}

/// <summary>What the asker may do in a repository.</summary>
internal sealed record PermissionsDocument
{
    public bool Admin { get; init; }

    public bool Push { get; init; }
}

/// <summary>A commit status.</summary>
internal sealed record StatusDocument
{
    public string? State { get; init; }

    public string? Description { get; init; }

    public string? TargetUrl { get; init; }

    public string? Context { get; init; }
}

/// <summary>The latest status of each context of a commit; one page of them.</summary>
internal sealed record CombinedStatusDocument
{
    public IReadOnlyList<StatusDocument>? Statuses { get; init; }
}

/// <summary>A deployment.</summary>
internal sealed record DeploymentDocument
{
    public long Id { get; init; }

    public string? Sha { get; init; }

    public string? Task { get; init; }

    public string? Environment { get; init; }

    /// <summary>Whatever its maker gave it: an object, or a text that may be JSON.</summary>
    public object? Payload { get; init; }
}

/// <summary>A status of a deployment.</summary>
internal sealed record DeploymentStatusDocument
{
    public string? State { get; init; }

    public string? Description { get; init; }

    public string? LogUrl { get; init; }
}

/// <summary>A commit of the git database.</summary>
internal sealed record CommitDocument
{
    public string? Sha { get; init; }

    public string? Message { get; init; }

    public ObjectDocument? Tree { get; init; }

    public IReadOnlyList<ObjectDocument>? Parents { get; init; }
}

/// <summary>An object of the git database.</summary>
internal sealed record ObjectDocument
{
    public string? Sha { get; init; }

    public string? Type { get; init; }
}

/// <summary>A ref.</summary>
internal sealed record ReferenceDocument
{
    public string? Ref { get; init; }

    public ObjectDocument? Object { get; init; }
}

/// <summary>A pull request.</summary>
internal sealed record PullRequestDocument
{
    public long Number { get; init; }

    public string? State { get; init; }

    public string? Body { get; init; }

    public string? HtmlUrl { get; init; }

    public DateTimeOffset? MergedAt { get; init; }

    public HeadDocument? Head { get; init; }

    public HeadDocument? Base { get; init; }

    public IReadOnlyList<LabelDocument>? Labels { get; init; }
}

/// <summary>One end of a pull request.</summary>
internal sealed record HeadDocument
{
    public string? Ref { get; init; }

    public string? Sha { get; init; }

    /// <summary>Null when the repository was deleted.</summary>
    public RepositoryDocument? Repo { get; init; }
}

/// <summary>A label.</summary>
internal sealed record LabelDocument
{
    public string? Name { get; init; }
}

/// <summary>A comment on an issue or a pull request.</summary>
internal sealed record CommentDocument
{
    public long Id { get; init; }

    public string? Body { get; init; }

    public string? HtmlUrl { get; init; }

    public AccountDocument? User { get; init; }
}

/// <summary>A webhook.</summary>
internal sealed record HookDocument
{
    public long Id { get; init; }

    public bool Active { get; init; }

    public IReadOnlyList<string>? Events { get; init; }

    public HookConfigDocument? Config { get; init; }

    public HookResponseDocument? LastResponse { get; init; }
}

/// <summary>Where a webhook delivers.</summary>
internal sealed record HookConfigDocument
{
    public string? Url { get; init; }
}

/// <summary>How the last delivery of a webhook went.</summary>
internal sealed record HookResponseDocument
{
    public long? Code { get; init; }

    public string? Status { get; init; }

    public string? Message { get; init; }
}
