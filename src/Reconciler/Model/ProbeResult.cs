using System.Collections.Immutable;

namespace Reconciler.Model;

/// <summary>One probe at one instant.</summary>
/// <param name="Check">The check's name.</param>
/// <param name="Required">Whether it counts for the verdict.</param>
/// <param name="Passed">Whether it held.</param>
/// <param name="Detail">What was seen, in one line for people; bounded, and hostile text.</param>
/// <param name="Took">How long the probe took.</param>
/// <param name="Units">Units it blames, whose journal is worth quoting.</param>
internal sealed record ProbeResult(string Check, bool Required, bool Passed, string Detail, TimeSpan Took, ImmutableArray<string> Units);

/// <summary>All probes of one round.</summary>
/// <param name="At">When the round ended.</param>
/// <param name="Results">One result a check.</param>
internal sealed record ProbeRound(DateTimeOffset At, ImmutableArray<ProbeResult> Results);
