using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Model;

namespace Reconciler.Adapters.Sqlite;

/// <summary>A <see cref="DeploymentSource"/> as the ledger keeps it. Kinds and fields are part of the file format: never rename one.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Commit), "commit")]
[JsonDerivedType(typeof(Generation), "generation")]
internal abstract record SourceDocument
{
    /// <summary>The source it stands for.</summary>
    public abstract DeploymentSource Read();

    /// <summary>The document of a source.</summary>
    public static SourceDocument Of(DeploymentSource source, LedgerLimits limits) => source switch
    {
        DeploymentSource.Commit { Candidate: var c } => new Commit(c.Revision.Sha, NameOf(c.Branch), limits.Text(c.Remote)),
        DeploymentSource.Generation g => new Generation(g.Number, g.Toplevel.Path, g.Leaving?.Sha),
        _ => throw new UnreachableException(),
    };

    private static string NameOf(BranchKind branch) => branch switch
    {
        BranchKind.Main => "main",
        BranchKind.Testing => "testing",
        _ => throw new UnreachableException(),
    };

    private static BranchKind BranchOf(string name) => name switch
    {
        "main" => BranchKind.Main,
        "testing" => BranchKind.Testing,
        _ => throw new JsonException($"'{name}' is no known kind of branch"),
    };

    internal sealed record Commit(string Revision, string Branch, string Remote) : SourceDocument
    {
        public override DeploymentSource Read() => new DeploymentSource.Commit(new Candidate(new Revision(Revision), BranchOf(Branch), Remote));
    }

    internal sealed record Generation(int Number, string Toplevel, string? Leaving) : SourceDocument
    {
        public override DeploymentSource Read() =>
            new DeploymentSource.Generation(Number, new Toplevel(Toplevel), Leaving is null ? null : new Revision(Leaving));
    }
}
