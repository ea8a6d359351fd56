using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>The tips of the two watched branches; null for a branch that is not there.</summary>
internal readonly record struct GitTips(Revision? Main, Revision? Testing);
