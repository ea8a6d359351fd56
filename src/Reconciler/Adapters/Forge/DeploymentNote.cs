using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Forge;

/// <summary>The note one host keeps on a commit: how each deployment of it went there, the latest first.</summary>
/// <param name="Host">The host that writes it.</param>
/// <param name="Deployments">At most <see cref="MostDeployments"/>, the latest first.</param>
/// <param name="Foreign">Text somebody else put into the note, kept as it is; empty when there is none.</param>
internal sealed record DeploymentNote(string Host, ImmutableArray<NotedDeployment> Deployments, string Foreign)
{
    /// <summary>How many deployments of one commit are remembered.</summary>
    public const int MostDeployments = 20;

    private const int MostForeign = 16 * 1024;

    /// <summary>The note a story makes on a commit that has none.</summary>
    public static DeploymentNote Of(DeploymentStory story) => new(story.Host.ToString(), [NotedDeployment.Of(story)], "");

    /// <summary>Reads a note. Text that is not ours is kept as foreign.</summary>
    public static DeploymentNote Parse(string text, HostName host)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            var reader = new Utf8JsonReader(bytes, isFinalBlock: true, default);
            var wire = JsonSerializer.Deserialize(ref reader, NoteJson.Default.WireNote);
            if (wire is { Host: not null, Deployments.IsDefault: false })
            {
                var rest = Encoding.UTF8.GetString(bytes.AsSpan((int)reader.BytesConsumed)).Trim();
                return new DeploymentNote(wire.Host, [.. wire.Deployments.Where(d => d is not null).Take(MostDeployments)], Bound(rest));
            }
        }
        catch (JsonException)
        {
            // Not ours: a person's note, or a newer version's. It is kept.
        }

        return new DeploymentNote(host.ToString(), [], Bound(text.Trim()));
    }

    /// <summary>Both notes as one. A deployment both know is taken from this note.</summary>
    public DeploymentNote With(DeploymentNote other) => new(
        Host,
        [.. Deployments.Concat(other.Deployments)
            .DistinctBy(deployment => (deployment.Deployment, deployment.Time))
            .OrderByDescending(deployment => deployment.Time)
            .ThenByDescending(deployment => deployment.Deployment)
            .Take(MostDeployments)],
        Foreign.Contains(other.Foreign, StringComparison.Ordinal) ? Foreign : Bound((Foreign + "\n\n" + other.Foreign).Trim()));

    /// <summary>The note as text, for <c>git log --notes</c>.</summary>
    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(writer, new WireNote(Host, Deployments), NoteJson.Default.WireNote);
        }

        var json = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return Foreign.Length == 0 ? json + "\n" : $"{json}\n\n{Foreign}\n";
    }

    public bool Equals(DeploymentNote? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static string Bound(string text) => text.Length <= MostForeign ? text : text[..MostForeign];
}

/// <summary>How one deployment of a commit went.</summary>
/// <param name="Outcome">Such as <c>confirmed</c> or <c>rolled back</c>.</param>
/// <param name="Time">When it settled, in UTC.</param>
/// <param name="Deployment">Its name on the host.</param>
/// <param name="Branch">The remote and the kind of branch it was read from; null when unknown.</param>
/// <param name="Generation">The generation it was confirmed as, or the one the host came back to; null when unknown.</param>
/// <param name="Toplevel">Store path of its system; null when it was never built.</param>
/// <param name="Cause">Why it ended badly; null when it did not.</param>
/// <param name="Failing">Names of the checks that failed.</param>
/// <param name="Restored">The revision the host came back to; null when it did not, or that is unknown.</param>
/// <param name="Ledger">The host's ledger when the story was told.</param>
internal sealed record NotedDeployment(
    string Outcome,
    DateTimeOffset Time,
    long Deployment,
    string? Branch,
    int? Generation,
    string? Toplevel,
    string? Cause,
    ImmutableArray<string>? Failing,
    string? Restored,
    NotedLedger? Ledger)
{
    /// <summary>The line of a story.</summary>
    public static NotedDeployment Of(DeploymentStory story)
    {
        var deployment = story.Deployment;
        var cause = CauseOf(deployment.Phase);
        var failing = cause is null ? [] : FailureText.FailingChecks(cause);
        return new NotedDeployment(
            OutcomeOf(deployment.Phase),
            deployment.Changed.ToUniversalTime(),
            deployment.Id.Position,
            deployment.Source is DeploymentSource.Commit { Candidate: var candidate }
                ? PlainText.Line($"{candidate.Remote}, {(candidate.Branch == BranchKind.Main ? "main" : "testing")}", 100)
                : null,
            deployment.Phase is DeploymentPhase.RolledBack ? story.RestoredGeneration : deployment.Generation,
            deployment.Toplevel?.Path,
            cause is null ? null : PlainText.Line(FailureText.Headline(cause), 300),
            failing.IsEmpty ? null : [.. failing.Take(32).Select(result => PlainText.Line(result.Check, 100))],
            deployment.Phase is DeploymentPhase.RolledBack ? story.Restored?.Sha : null,
            new NotedLedger(story.LedgerPosition, story.LedgerHash));
    }

    private static string OutcomeOf(DeploymentPhase phase) => phase switch
    {
        DeploymentPhase.Confirmed { WasActivated: false } => "confirmed, nothing changed",
        DeploymentPhase.Confirmed => "confirmed",
        DeploymentPhase.Accepted => "accepted for testing",
        DeploymentPhase.Failed => "failed",
        DeploymentPhase.RolledBack => "rolled back",
        DeploymentPhase.Superseded => "superseded",
        DeploymentPhase.Abandoned => "left to an operator",
        DeploymentPhase.NeedsOperator => "needs an operator",
        _ => "under way",
    };

    private static Failure? CauseOf(DeploymentPhase phase) => phase switch
    {
        DeploymentPhase.Failed failed => failed.Cause,
        DeploymentPhase.RolledBack back => back.Cause,
        DeploymentPhase.Abandoned abandoned => abandoned.Cause,
        DeploymentPhase.NeedsOperator stuck => stuck.Cause,
        _ => null,
    };
}

/// <summary>Where the host's ledger stood, which anchors it outside the host.</summary>
/// <param name="Position">Its last position.</param>
/// <param name="Hash">The hash of that entry.</param>
internal sealed record NotedLedger(long Position, string Hash);

/// <summary>The note as it is written.</summary>
internal sealed record WireNote(string Host, ImmutableArray<NotedDeployment> Deployments);

/// <summary>Reads and writes notes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 8)]
[JsonSerializable(typeof(WireNote))]
internal sealed partial class NoteJson : JsonSerializerContext;
