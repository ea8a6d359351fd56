using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>What <c>--json</c> prints where the daemon's own documents do not serve; <c>docs/cli.md</c> lists every name.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TroubleDocument))]
[JsonSerializable(typeof(LogLineDocument))]
[JsonSerializable(typeof(SyncDocument))]
[JsonSerializable(typeof(CheckedConfigurationDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(InitDocument))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>Why a command did not do what was asked.</summary>
/// <param name="Error">The sort of trouble, in a stable word.</param>
/// <param name="Cause">What happened.</param>
/// <param name="Cure">What to do; empty when the cause says it.</param>
/// <param name="ExitCode">What the program exits with.</param>
/// <param name="Details">Single findings; empty when the cause is all.</param>
internal sealed record TroubleDocument(string Error, string Cause, string Cure, int ExitCode, ImmutableArray<string> Details)
{
    /// <summary>Puts the document together.</summary>
    public static TroubleDocument Of(Trouble trouble) => new(trouble.Word, trouble.Cause, trouble.Cure, trouble.ExitCode, trouble.Details);
}

/// <summary>A line of a deployment's log.</summary>
internal sealed record LogLineDocument(long Deployment, string Line);

/// <summary>How what <c>sync --wait</c> followed came out.</summary>
/// <param name="Outcome">In a stable word.</param>
/// <param name="Cause">In one line.</param>
/// <param name="Cure">What to do; empty when nothing.</param>
/// <param name="Deployment">What was followed; null when there was nothing new.</param>
internal sealed record SyncDocument(string Outcome, string Cause, string Cure, DeploymentSummary? Deployment);

/// <summary>A configuration without errors.</summary>
internal sealed record CheckedConfigurationDocument(string File, string Host, string Branch, ImmutableArray<CheckedRemoteDocument> Remotes);

/// <summary>A remote of a configuration.</summary>
internal sealed record CheckedRemoteDocument(string Name, string Url);

/// <summary>What the doctor found.</summary>
/// <param name="IsWell">Whether nothing is to be mended.</param>
/// <param name="Findings">Everything that was looked at.</param>
internal sealed record DoctorDocument(bool IsWell, ImmutableArray<FindingDocument> Findings)
{
    /// <summary>Puts the document together.</summary>
    public static DoctorDocument Of(IReadOnlyList<Finding> findings) => new(
        findings.All(finding => finding.Health != Health.Fail),
        [.. findings.Select(finding => new FindingDocument(finding.What, finding.Health.ToString().ToLowerInvariant(), finding.Seen, finding.Cure))]);
}

/// <summary>One thing the doctor looked at.</summary>
/// <param name="What">What it is.</param>
/// <param name="Health"><c>ok</c>, <c>warn</c> or <c>fail</c>.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Cure">What to do; empty when nothing.</param>
internal sealed record FindingDocument(string What, string Health, string Seen, string Cure);

/// <summary>The version of the program, and of the control API it speaks.</summary>
internal sealed record VersionDocument(string Version, int Api);

/// <summary>What <c>init</c> made.</summary>
/// <param name="Folder">Where the repository is.</param>
/// <param name="Host">The host it is for.</param>
/// <param name="Kind"><c>flake</c> or <c>plain</c>.</param>
/// <param name="Hardware">Where the hardware configuration is from: <c>copied</c>, <c>generated</c> or <c>missing</c>.</param>
/// <param name="Commit">The first commit.</param>
/// <param name="Next">What to do next.</param>
internal sealed record InitDocument(string Folder, string Host, string Kind, string Hardware, string Commit, ImmutableArray<string> Next);
