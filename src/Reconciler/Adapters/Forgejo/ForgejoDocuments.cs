using System.Text.Json.Serialization;

namespace Reconciler.Adapters.Forgejo;

/// <summary>A status of a commit. Note that it is read as <c>status</c> and written as <c>state</c>.</summary>
internal sealed record StatusDocument(long Id, string? Context, string? Status, string? Description, string? TargetUrl);

/// <summary>A status to be made.</summary>
internal sealed record NewStatus(string Context, string State, string Description, string? TargetUrl);

/// <summary>A pull request.</summary>
internal sealed record PullDocument(long Number, string? State, bool Merged, string? Body, string? HtmlUrl, PullEndDocument? Head, PullEndDocument? Base);

/// <summary>One end of a pull request.</summary>
internal sealed record PullEndDocument(string? Ref, string? Sha, long? RepoId);

/// <summary>A pull request to be opened.</summary>
internal sealed record NewPull(string Head, string Base, string Title, string Body);

/// <summary>What changes of a pull request or a comment; what is null stays.</summary>
internal sealed record Edit(string? Body, string? State);

/// <summary>A comment.</summary>
internal sealed record CommentDocument(long Id, string? Body, UserDocument? User, string? HtmlUrl);

/// <summary>A user.</summary>
internal sealed record UserDocument(string? Login);

/// <summary>A branch.</summary>
internal sealed record BranchDocument(BranchCommitDocument? Commit);

/// <summary>The commit of a branch, which tells no parents.</summary>
internal sealed record BranchCommitDocument(string? Id);

/// <summary>A commit.</summary>
internal sealed record CommitDocument(CommitWordsDocument? Commit, CommitParentDocument[]? Parents);

/// <summary>What a commit says.</summary>
internal sealed record CommitWordsDocument(string? Message);

/// <summary>A parent of a commit.</summary>
internal sealed record CommitParentDocument(string? Sha);

/// <summary>A repository.</summary>
internal sealed record RepositoryDocument(string? FullName, bool Archived, bool HasPullRequests, PermissionsDocument? Permissions);

/// <summary>What the token may do.</summary>
internal sealed record PermissionsDocument(bool Admin, bool Push, bool Pull);

/// <summary>Reads and writes Forgejo's documents.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusDocument[]))]
[JsonSerializable(typeof(NewStatus))]
[JsonSerializable(typeof(PullDocument[]))]
[JsonSerializable(typeof(NewPull))]
[JsonSerializable(typeof(Edit))]
[JsonSerializable(typeof(CommentDocument[]))]
[JsonSerializable(typeof(BranchDocument))]
[JsonSerializable(typeof(CommitDocument))]
[JsonSerializable(typeof(RepositoryDocument))]
internal sealed partial class ForgejoJson : JsonSerializerContext;
