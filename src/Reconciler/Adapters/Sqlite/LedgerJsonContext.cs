using System.Text.Json.Serialization;

namespace Reconciler.Adapters.Sqlite;

/// <summary>Generated readers and writers of the ledger's documents: strict, so that nothing of a newer ledger is silently lost.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(FactDocument.HostAdopted), TypeInfoPropertyName = "HostAdopted")]
[JsonSerializable(typeof(FactDocument.DeploymentBegan), TypeInfoPropertyName = "DeploymentBegan")]
[JsonSerializable(typeof(FactDocument.BuildSucceeded), TypeInfoPropertyName = "BuildSucceeded")]
[JsonSerializable(typeof(FactDocument.PlanRecorded), TypeInfoPropertyName = "PlanRecorded")]
[JsonSerializable(typeof(FactDocument.AttemptPostponed), TypeInfoPropertyName = "AttemptPostponed")]
[JsonSerializable(typeof(FactDocument.TrialBegan), TypeInfoPropertyName = "TrialBegan")]
[JsonSerializable(typeof(FactDocument.ActivationEnded), TypeInfoPropertyName = "ActivationEnded")]
[JsonSerializable(typeof(FactDocument.RebootStaged), TypeInfoPropertyName = "RebootStaged")]
[JsonSerializable(typeof(FactDocument.RebootRequested), TypeInfoPropertyName = "RebootRequested")]
[JsonSerializable(typeof(FactDocument.TrialBooted), TypeInfoPropertyName = "TrialBooted")]
[JsonSerializable(typeof(FactDocument.ReturnRequested), TypeInfoPropertyName = "ReturnRequested")]
[JsonSerializable(typeof(FactDocument.TrialRefused), TypeInfoPropertyName = "TrialRefused")]
[JsonSerializable(typeof(FactDocument.ConfirmBegan), TypeInfoPropertyName = "ConfirmBegan")]
[JsonSerializable(typeof(FactDocument.Confirmed), TypeInfoPropertyName = "Confirmed")]
[JsonSerializable(typeof(FactDocument.Accepted), TypeInfoPropertyName = "Accepted")]
[JsonSerializable(typeof(FactDocument.RollbackBegan), TypeInfoPropertyName = "RollbackBegan")]
[JsonSerializable(typeof(FactDocument.RolledBack), TypeInfoPropertyName = "RolledBack")]
[JsonSerializable(typeof(FactDocument.RollbackFailed), TypeInfoPropertyName = "RollbackFailed")]
[JsonSerializable(typeof(FactDocument.DeploymentFailed), TypeInfoPropertyName = "DeploymentFailed")]
[JsonSerializable(typeof(FactDocument.PutBackUnattended), TypeInfoPropertyName = "PutBackUnattended")]
[JsonSerializable(typeof(FactDocument.StoreMended), TypeInfoPropertyName = "StoreMended")]
[JsonSerializable(typeof(FactDocument.DeploymentSuperseded), TypeInfoPropertyName = "DeploymentSuperseded")]
[JsonSerializable(typeof(FactDocument.Told), TypeInfoPropertyName = "Told")]
[JsonSerializable(typeof(FactDocument.DriftFound), TypeInfoPropertyName = "DriftFound")]
[JsonSerializable(typeof(FactDocument.DriftRepairBegan), TypeInfoPropertyName = "DriftRepairBegan")]
[JsonSerializable(typeof(FactDocument.DriftEnded), TypeInfoPropertyName = "DriftEnded")]
[JsonSerializable(typeof(FactDocument.Suspended), TypeInfoPropertyName = "Suspended")]
[JsonSerializable(typeof(FactDocument.Resumed), TypeInfoPropertyName = "Resumed")]
[JsonSerializable(typeof(FactDocument.Pinned), TypeInfoPropertyName = "Pinned")]
[JsonSerializable(typeof(FactDocument.Unpinned), TypeInfoPropertyName = "Unpinned")]
[JsonSerializable(typeof(FactDocument.QuarantineReleased), TypeInfoPropertyName = "QuarantineReleased")]
[JsonSerializable(typeof(FactDocument.RewindAllowed), TypeInfoPropertyName = "RewindAllowed")]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;
