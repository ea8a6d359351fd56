using System.Text.Json.Serialization;

namespace Reconciler.Adapters.GitLab;

/// <summary>A status of a commit. Note that it is read as <c>status</c> and written as <c>state</c>.</summary>
internal sealed record StatusDocument(long Id, string? Name, string? Status, string? Description, string? TargetUrl);

/// <summary>A status to be made.</summary>
internal sealed record NewStatus(string Name, string State, string Description, string? TargetUrl);

/// <summary>A merge request.</summary>
internal sealed record MergeRequestDocument(
    long Iid, string? State, string? Description, string? WebUrl, string? Sha, string? SourceBranch, long? SourceProjectId, long? TargetProjectId);

/// <summary>A merge request to be opened.</summary>
internal sealed record NewMergeRequest(string SourceBranch, string TargetBranch, string Title, string Description, bool RemoveSourceBranch);

/// <summary>What changes of a merge request; what is null stays.</summary>
internal sealed record MergeRequestEdit(string? Description, string? StateEvent);

/// <summary>A note on a merge request.</summary>
internal sealed record NoteDocument(long Id, string? Body, UserDocument? Author, bool System);

/// <summary>A note to be written.</summary>
internal sealed record NewNote(string Body);

/// <summary>A user.</summary>
internal sealed record UserDocument(string? Username);

/// <summary>A branch.</summary>
internal sealed record BranchDocument(CommitDocument? Commit);

/// <summary>A commit.</summary>
internal sealed record CommitDocument(string? Message, string[]? ParentIds);

/// <summary>A deployment.</summary>
internal sealed record DeploymentDocument(long Id, string? Sha, string? Status);

/// <summary>A deployment to be made.</summary>
internal sealed record NewDeployment(string Environment, string Sha, string Ref, bool Tag, string Status);

/// <summary>What changes of a deployment.</summary>
internal sealed record DeploymentEdit(string Status);

/// <summary>A project.</summary>
internal sealed record ProjectDocument(string? PathWithNamespace, bool Archived, bool? MergeRequestsEnabled, PermissionsDocument? Permissions);

/// <summary>What the token may do.</summary>
internal sealed record PermissionsDocument(AccessDocument? ProjectAccess, AccessDocument? GroupAccess);

/// <summary>A role: 20 reporter, 30 developer, 40 maintainer, 50 owner.</summary>
internal sealed record AccessDocument(int AccessLevel);

/// <summary>Reads and writes GitLab's documents.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusDocument[]))]
[JsonSerializable(typeof(NewStatus))]
[JsonSerializable(typeof(MergeRequestDocument[]))]
[JsonSerializable(typeof(NewMergeRequest))]
[JsonSerializable(typeof(MergeRequestEdit))]
[JsonSerializable(typeof(NoteDocument[]))]
[JsonSerializable(typeof(NewNote))]
[JsonSerializable(typeof(BranchDocument))]
[JsonSerializable(typeof(DeploymentDocument[]))]
[JsonSerializable(typeof(NewDeployment))]
[JsonSerializable(typeof(DeploymentEdit))]
[JsonSerializable(typeof(ProjectDocument))]
internal sealed partial class GitLabJson : JsonSerializerContext;
