using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Model;

namespace Reconciler.Adapters.Sqlite;

/// <summary>A <see cref="ForgeMessage"/> as the outbox keeps it. Kinds and fields are part of the file format: never rename one.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CommitStatus), "commitStatus")]
[JsonDerivedType(typeof(DeploymentProgress), "deploymentProgress")]
[JsonDerivedType(typeof(RollbackExplained), "rollbackExplained")]
[JsonDerivedType(typeof(RollbackOvertaken), "rollbackOvertaken")]
[JsonDerivedType(typeof(PlanReported), "planReported")]
[JsonDerivedType(typeof(Notice), "notice")]
[JsonDerivedType(typeof(DeploymentTraced), "deploymentTraced")]
internal abstract record OutboxDocument
{
    /// <summary>The message it stands for.</summary>
    public abstract ForgeMessage Read();

    /// <summary>The document of a message.</summary>
    public static OutboxDocument Of(ForgeMessage message, LedgerLimits limits) => message switch
    {
        ForgeMessage.CommitStatus m => new CommitStatus(m.Commit.Sha, m.Kind, m.State, limits.Text(m.Description), m.Link?.AbsoluteUri),
        ForgeMessage.DeploymentProgress m => new DeploymentProgress(m.Deployment.Position, m.Commit.Sha, m.State, limits.Text(m.Description)),
        ForgeMessage.RollbackExplained m => new RollbackExplained(m.Deployment.Position, m.Bad.Sha),
        ForgeMessage.RollbackOvertaken m => new RollbackOvertaken(m.Bad.Sha, m.By.Sha),
        ForgeMessage.PlanReported m => new PlanReported(m.PullRequest, m.Head.Sha, ReportDocument.Of(m.Report, limits)),
        ForgeMessage.Notice m => new Notice(m.Channel, m.Kind, m.Deployment?.Position, m.Commit?.Sha, limits.Text(m.Headline), limits.Text(m.Cure)),
        ForgeMessage.DeploymentTraced m => new DeploymentTraced(m.Deployment.Position),
        _ => throw new UnreachableException(),
    };

    internal sealed record CommitStatus(string Commit, StatusKind Status, CommitState State, string Description, string? Link) : OutboxDocument
    {
        public override ForgeMessage Read() => new ForgeMessage.CommitStatus(
            new Revision(Commit), Status, State, Description, Link is null ? null : new Uri(Link, UriKind.Absolute));
    }

    internal sealed record DeploymentProgress(long Deployment, string Commit, DeploymentState State, string Description) : OutboxDocument
    {
        public override ForgeMessage Read() =>
            new ForgeMessage.DeploymentProgress(new DeploymentId(Deployment), new Revision(Commit), State, Description);
    }

    internal sealed record RollbackExplained(long Deployment, string Bad) : OutboxDocument
    {
        public override ForgeMessage Read() => new ForgeMessage.RollbackExplained(new DeploymentId(Deployment), new Revision(Bad));
    }

    internal sealed record RollbackOvertaken(string Bad, string By) : OutboxDocument
    {
        public override ForgeMessage Read() => new ForgeMessage.RollbackOvertaken(new Revision(Bad), new Revision(By));
    }

    internal sealed record Notice(string Channel, NoticeKind About, long? Deployment, string? Commit, string Headline, string Cure) : OutboxDocument
    {
        public override ForgeMessage Read() => new ForgeMessage.Notice(
            Channel, About, Deployment is { } number ? new DeploymentId(number) : null, Commit is null ? null : new Revision(Commit), Headline, Cure);
    }

    internal sealed record DeploymentTraced(long Deployment) : OutboxDocument
    {
        public override ForgeMessage Read() => new ForgeMessage.DeploymentTraced(new DeploymentId(Deployment));
    }

    internal sealed record PlanReported(long PullRequest, string Head, ReportDocument Report) : OutboxDocument
    {
        public override ForgeMessage Read() => new ForgeMessage.PlanReported(PullRequest, new Revision(Head), Report.Read());
    }
}

/// <summary>Reads and writes what the outbox keeps.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(OutboxDocument))]
internal sealed partial class OutboxJson : JsonSerializerContext;
