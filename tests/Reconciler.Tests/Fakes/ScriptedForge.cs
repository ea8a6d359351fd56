using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>A forge that answers what a test says and keeps what it was told.</summary>
internal sealed class ScriptedForge : IForge
{
    public string Name => "Forge";

    /// <summary>What it was told, in order, whatever it answered.</summary>
    public List<object> Told { get; } = [];

    /// <summary>Answers each message; by default all are taken.</summary>
    public Func<object, ForgeAnswer> Answer { get; set; } = _ => new ForgeAnswer.Done(null, null);

    /// <summary>Answers each look at the open pull requests.</summary>
    public Func<PullRequestsAnswer> PullRequests { get; set; } = () => new PullRequestsAnswer.Open([]);

    /// <summary>How often the open pull requests were looked at.</summary>
    public int Looks { get; private set; }

    public Task<ForgeAnswer> SetStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken) => Take(status);

    public Task<ForgeAnswer> SetDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken) => Take(progress);

    public Task<ForgeAnswer> ExplainRollbackAsync(DeploymentStory story, CancellationToken cancellationToken) => Take(story);

    public Task<ForgeAnswer> CloseRollbackAsync(Revision bad, Revision by, CancellationToken cancellationToken) => Take((bad, by));

    public Task<ForgeAnswer> CommentPlanAsync(ForgeMessage.PlanReported report, CancellationToken cancellationToken) => Take(report);

    public Task<PullRequestsAnswer> OpenPullRequestsAsync(CancellationToken cancellationToken)
    {
        Looks++;
        return Task.FromResult(PullRequests());
    }

    public Task<ImmutableArray<ForgeFinding>> ExamineAsync(CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<ForgeFinding>.Empty);

    private Task<ForgeAnswer> Take(object message)
    {
        Told.Add(message);
        return Task.FromResult(Answer(message));
    }
}
