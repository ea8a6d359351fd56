using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reconciler.History;
using Reconciler.Model;
using static Reconciler.Adapters.Sqlite.LedgerJsonContext;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Turns facts into canonical JSON and back. Kinds are part of the file format: never rename one.</summary>
internal static class LedgerJson
{
    /// <summary>Version of the shape of facts: raised when a field is added or changes its meaning.</summary>
    public const int Schema = 1;

    private const string Newer = "the ledger was written by a newer Reconciler. Nothing in it was changed. Run that Reconciler, or a newer one.";

    private static readonly FrozenDictionary<string, JsonTypeInfo> Kinds = new Dictionary<string, JsonTypeInfo>
    {
        ["hostAdopted"] = Default.HostAdopted,
        ["deploymentBegan"] = Default.DeploymentBegan,
        ["buildSucceeded"] = Default.BuildSucceeded,
        ["planRecorded"] = Default.PlanRecorded,
        ["attemptPostponed"] = Default.AttemptPostponed,
        ["trialBegan"] = Default.TrialBegan,
        ["activationEnded"] = Default.ActivationEnded,
        ["rebootStaged"] = Default.RebootStaged,
        ["rebootRequested"] = Default.RebootRequested,
        ["trialBooted"] = Default.TrialBooted,
        ["returnRequested"] = Default.ReturnRequested,
        ["trialRefused"] = Default.TrialRefused,
        ["confirmBegan"] = Default.ConfirmBegan,
        ["confirmed"] = Default.Confirmed,
        ["accepted"] = Default.Accepted,
        ["rollbackBegan"] = Default.RollbackBegan,
        ["rolledBack"] = Default.RolledBack,
        ["rollbackFailed"] = Default.RollbackFailed,
        ["deploymentFailed"] = Default.DeploymentFailed,
        ["putBackUnattended"] = Default.PutBackUnattended,
        ["storeMended"] = Default.StoreMended,
        ["deploymentSuperseded"] = Default.DeploymentSuperseded,
        ["told"] = Default.Told,
        ["driftFound"] = Default.DriftFound,
        ["driftRepairBegan"] = Default.DriftRepairBegan,
        ["driftEnded"] = Default.DriftEnded,
        ["suspended"] = Default.Suspended,
        ["resumed"] = Default.Resumed,
        ["pinned"] = Default.Pinned,
        ["unpinned"] = Default.Unpinned,
        ["quarantineReleased"] = Default.QuarantineReleased,
        ["rewindAllowed"] = Default.RewindAllowed,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<Type, (string Kind, JsonTypeInfo Shape)> Shapes =
        Kinds.ToFrozenDictionary(k => k.Value.Type, k => (k.Key, k.Value));

    /// <summary>All kinds of facts, as stored.</summary>
    public static IEnumerable<string> KnownKinds => Kinds.Keys;

    /// <summary>Writes a fact: its kind, and its fields as canonical JSON. Texts are bounded and well-formed afterwards.</summary>
    /// <exception cref="ArgumentException">It is too large whatever is cut.</exception>
    public static (string Kind, ImmutableArray<byte> Fact) Write(LedgerEvent fact)
    {
        foreach (var limits in LedgerLimits.Steps)
        {
            var document = FactDocument.Of(fact, limits);
            var (kind, shape) = Shapes[document.GetType()];
            var json = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(document, shape));
            if (json.Length <= LedgerLimits.LargestFact)
            {
                return (kind, ImmutableCollectionsMarshal.AsImmutableArray(json));
            }
        }

        throw new ArgumentException($"A fact ({fact.GetType().Name}) is too large for the ledger.", nameof(fact));
    }

    /// <summary>Reads a stored entry.</summary>
    /// <exception cref="InvalidLedgerException">It is no fact this version knows.</exception>
    public static LedgerEntry Read(LedgerRow row)
    {
        if (row.Schema is < 1 or > Schema)
        {
            throw new InvalidLedgerException($"Entry {row.Position} has a shape of version {row.Schema}, and this program knows {Schema}: {Newer}");
        }

        if (!Kinds.TryGetValue(row.Kind, out var shape))
        {
            throw new InvalidLedgerException($"Entry {row.Position} is of the unknown kind '{Quote(row.Kind)}': {Newer}");
        }

        try
        {
            var document = (FactDocument?)JsonSerializer.Deserialize(row.Fact.AsSpan(), shape) ?? throw new JsonException("it is empty");
            return new LedgerEntry(row.Position, DateTimeOffset.FromUnixTimeMilliseconds(row.At), ActorOf(row), document.Read());
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NotSupportedException or OverflowException)
        {
            // InvalidOperationException: an escaped lone surrogate. ArgumentException: text that is no revision or store path.
            throw new InvalidLedgerException(
                $"Entry {row.Position} ('{row.Kind}') cannot be read: {Quote(e.Message)} It was written by a newer Reconciler, or changed by hand: "
                + "verify the ledger, which tells the two apart. Nothing in it was changed.",
                e);
        }
    }

    /// <summary>The stored name of a kind of actor.</summary>
    public static string NameOf(ActorKind kind) => kind switch
    {
        ActorKind.Daemon => "daemon",
        ActorKind.Operator => "operator",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Actor ActorOf(LedgerRow row) => row.ActorKind switch
    {
        "daemon" => new Actor(ActorKind.Daemon, row.ActorName),
        "operator" => new Actor(ActorKind.Operator, row.ActorName),
        _ => throw new JsonException($"'{row.ActorKind}' is no known kind of actor."),
    };

    // The text comes out of the file and goes to a terminal.
    private static string Quote(string text) => string.Concat(text.Take(200).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
