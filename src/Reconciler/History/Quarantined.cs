using Reconciler.Model;

namespace Reconciler.History;

/// <summary>A revision held as bad on this host until superseded or released.</summary>
/// <param name="Revision">The commit.</param>
/// <param name="Deployment">The deployment that taught it.</param>
/// <param name="Since">When.</param>
/// <param name="Cause">What went wrong; null when an operator left it by rolling back.</param>
internal sealed record Quarantined(Revision Revision, DeploymentId Deployment, DateTimeOffset Since, Failure? Cause);
