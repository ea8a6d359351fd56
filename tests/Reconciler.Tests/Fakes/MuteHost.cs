using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>A machine that nothing may be asked of, but for what a test overrides.</summary>
internal abstract class MuteHost : INixHost
{
    public virtual HostState Observe() => throw new NotSupportedException();

    public virtual IReadOnlyList<Generation> Generations() => throw new NotSupportedException();

    public virtual Task<PreviewOutcome> PreviewAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<Failure?> FlushStoreAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<ActivationOutcome> ActivateAsync(ActivationName name, Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<ActivationSighting> FindActivationAsync(ActivationName name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<ActivationOutcome> AwaitActivationAsync(ActivationName name, IDeploymentLog log, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<ProfileOutcome> SetProfileAsync(Toplevel toplevel, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<Failure?> WriteBootEntryAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task KeepToReturnToAsync(Toplevel toplevel, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task KeepForDebuggingAsync(DeploymentId deployment, Toplevel toplevel, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task PruneGenerationsAsync(IReadOnlyCollection<Toplevel> protect, CancellationToken cancellationToken) => throw new NotSupportedException();
}
