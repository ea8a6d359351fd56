using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;

namespace Reconciler.Tests.Fakes;

/// <summary>A machine that runs <c>old</c> and does at once what it is asked; builds wait for the test.</summary>
internal sealed class FakeHost : INixHost, INixBuilder, ICheckouts
{
    /// <summary>What runs and boots.</summary>
    public HostState State { get; set; } = A.HostState();

    /// <summary>The generations of the profile.</summary>
    public List<Generation> AllGenerations { get; } = [];

    /// <summary>Is called before the links are read.</summary>
    public Action Observing { get; set; } = () => { };

    /// <summary>Is called before a system is activated.</summary>
    public Action Activating { get; set; } = () => { };

    /// <summary>Answers each build; by default none ever ends.</summary>
    public Func<CancellationToken, Task<BuildOutcome>> Build { get; set; } = token => Forever<BuildOutcome>(token);

    /// <summary>What a look ahead gives.</summary>
    public PreviewOutcome Preview { get; set; } = new PreviewOutcome.Ready(new SystemPlan());

    /// <summary>Is called when a boot entry is written.</summary>
    public Action WritingBootEntry { get; set; } = () => { };

    /// <summary>How often an activation was looked for.</summary>
    public int Sightings { get; private set; }

    public HostState Observe()
    {
        Observing();
        return State;
    }

    public Task<CheckoutOutcome> CheckOutAsync(Revision revision, CancellationToken cancellationToken) =>
        Task.FromResult<CheckoutOutcome>(new CheckoutOutcome.Ready($"/checkout/{revision.Sha}"));

    public Task<BuildOutcome> BuildAsync(string workTree, IDeploymentLog log, CancellationToken cancellationToken) => Build(cancellationToken);

    public Task<PreviewOutcome> PreviewAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken) =>
        Task.FromResult(Preview);

    public Task<Failure?> FlushStoreAsync(CancellationToken cancellationToken) => Task.FromResult<Failure?>(null);

    public Task<ActivationOutcome> ActivateAsync(ActivationName name, Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        Activating();
        State = State with { Running = toplevel };
        return Task.FromResult<ActivationOutcome>(new ActivationOutcome.Succeeded());
    }

    public Task<ActivationSighting> FindActivationAsync(ActivationName name, CancellationToken cancellationToken)
    {
        Sightings++;
        return Task.FromResult<ActivationSighting>(new ActivationSighting.NotFound());
    }

    public Task<ActivationOutcome> AwaitActivationAsync(ActivationName name, IDeploymentLog log, CancellationToken cancellationToken) =>
        Task.FromResult<ActivationOutcome>(new ActivationOutcome.Succeeded());

    public Task<ProfileOutcome> SetProfileAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        State = State with { BootDefault = toplevel };
        return Task.FromResult<ProfileOutcome>(new ProfileOutcome.Set(1));
    }

    public Task<Failure?> WriteBootEntryAsync(Toplevel toplevel, IDeploymentLog log, CancellationToken cancellationToken)
    {
        WritingBootEntry();
        return Task.FromResult<Failure?>(null);
    }

    public IReadOnlyList<Generation> Generations() => AllGenerations;

    public Task KeepToReturnToAsync(Toplevel toplevel, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task KeepForDebuggingAsync(DeploymentId deployment, Toplevel toplevel, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PruneGenerationsAsync(IReadOnlyCollection<Toplevel> protect, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends only when cancelled.</summary>
    public static async Task<T> Forever<T>(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("Forever has ended.");
    }
}
