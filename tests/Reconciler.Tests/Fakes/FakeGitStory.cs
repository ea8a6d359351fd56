using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>A git story that answers what a test says.</summary>
internal sealed class FakeGitStory : IGitStory
{
    public Func<CancellationToken, Task<TellOutcome>> Tell { get; set; } = _ => Task.FromResult<TellOutcome>(new TellOutcome.Told(Pushed: true, null, null));

    public Task<TellOutcome> TellAsync(DeploymentStory story, CancellationToken cancellationToken) => Tell(cancellationToken);
}
