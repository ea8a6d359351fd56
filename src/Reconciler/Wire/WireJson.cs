using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reconciler.Wire;

/// <summary>The JSON of the control API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(HostStateWordConverter)],
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(DeploymentDocument))]
[JsonSerializable(typeof(GenerationsDocument))]
[JsonSerializable(typeof(QuarantineDocument))]
[JsonSerializable(typeof(LedgerVerdictDocument))]
[JsonSerializable(typeof(LedgerStateDocument))]
[JsonSerializable(typeof(PlanLine))]
[JsonSerializable(typeof(AnswerDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(SyncRequest))]
[JsonSerializable(typeof(SuspendRequest))]
[JsonSerializable(typeof(RevisionRequest))]
[JsonSerializable(typeof(RollbackRequest))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>Version of the control API: raised when a name changes its meaning or goes away, not when one is added.</summary>
    public const int ApiVersion = 1;

    /// <summary>Response header with <see cref="ApiVersion"/>.</summary>
    public const string ApiHeader = "Reconciler-Api";

    /// <summary>Response header with the daemon's version.</summary>
    public const string VersionHeader = "Reconciler-Version";
}

/// <summary>Writes states in camel case.</summary>
internal sealed class HostStateWordConverter() : JsonStringEnumConverter<HostStateWord>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
