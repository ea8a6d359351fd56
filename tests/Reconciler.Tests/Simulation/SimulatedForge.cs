using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Simulation;

/// <summary>
/// A forge in memory that keeps what it was told, is down at times, and may lose the daemon before or after it has kept a message. Its dice are its own, so that it
/// changes nothing in what else happens in a life.
/// </summary>
internal sealed class SimulatedForge(Chance chance, TimeProvider clock, int seed) : IForge
{
    private readonly Random _dice = new(unchecked(seed * 31) + 17);
    private readonly HashSet<string> _unsettled = [];
    private DateTimeOffset _downUntil;

    public string Name => "the simulated forge";

    /// <summary>How often it fails a message, or goes down for hours; 0 is never.</summary>
    public double Outages { get; set; }

    public Dictionary<(Revision Commit, StatusKind Kind), ForgeMessage.CommitStatus> Statuses { get; } = [];

    public Dictionary<DeploymentId, ForgeMessage.DeploymentProgress> Deployments { get; } = [];

    /// <summary>Pull requests that take a revision back, and whether each is open.</summary>
    public Dictionary<Revision, bool> PullRequests { get; } = [];

    /// <summary>How often each message was taken, by its name; the times that a lost answer or a crash made it come again are not counted.</summary>
    public Dictionary<string, int> Taken { get; } = [];

    /// <summary>The name of a message in <see cref="Taken"/>.</summary>
    public static string NameOf(ForgeMessage message) => message switch
    {
        ForgeMessage.RollbackExplained m => $"rollback of {m.Deployment}",
        ForgeMessage.RollbackOvertaken m => $"{m.Bad} overtaken by {m.By}",
        _ => $"{message}",
    };

    public Task<ForgeAnswer> SetStatusAsync(ForgeMessage.CommitStatus status, CancellationToken cancellationToken) =>
        Take(NameOf(status), () => Statuses[(status.Commit, status.Kind)] = status, null);

    public Task<ForgeAnswer> SetDeploymentAsync(ForgeMessage.DeploymentProgress progress, CancellationToken cancellationToken) =>
        Take(NameOf(progress), () => Deployments[progress.Deployment] = progress, null);

    public Task<ForgeAnswer> ExplainRollbackAsync(DeploymentStory story, CancellationToken cancellationToken)
    {
        var bad = story.Deployment.Revision!.Value;
        return Take($"rollback of {story.Deployment.Id}", () => PullRequests.TryAdd(bad, true), new Uri($"https://forge.example/pull/{bad.Sha}"));
    }

    public Task<ForgeAnswer> CloseRollbackAsync(Revision bad, Revision by, CancellationToken cancellationToken) => Take(
        $"{bad} overtaken by {by}",
        () =>
        {
            if (PullRequests.ContainsKey(bad))
            {
                PullRequests[bad] = false;
            }
        },
        null);

    public Task<ForgeAnswer> CommentPlanAsync(ForgeMessage.PlanReported report, CancellationToken cancellationToken) => Take(NameOf(report), () => { }, null);

    public Task<PullRequestsAnswer> OpenPullRequestsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<PullRequestsAnswer>(new PullRequestsAnswer.Open([]));

    public Task<ImmutableArray<ForgeFinding>> ExamineAsync(CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<ForgeFinding>.Empty);

    private Task<ForgeAnswer> Take(string message, Action keep, Uri? link)
    {
        if (Strikes("before a message is sent", message))
        {
            return Chance.Never<ForgeAnswer>();
        }

        if (clock.GetUtcNow() < _downUntil)
        {
            return Task.FromResult<ForgeAnswer>(new ForgeAnswer.Later("it is down", _dice.Next(2) == 0 ? _downUntil : null));
        }

        if (_dice.NextDouble() < Outages)
        {
            _downUntil = clock.GetUtcNow() + TimeSpan.FromMinutes(_dice.Next(3) switch { 0 => 0, 1 => 20, _ => 60 * 26 });
            if (_dice.Next(2) == 0)
            {
                _unsettled.Add(message);
                keep(); // the answer was lost, not the message
            }

            return Task.FromResult<ForgeAnswer>(new ForgeAnswer.Later("the connection was dropped", null));
        }

        if (!_unsettled.Remove(message))
        {
            Taken[message] = Taken.GetValueOrDefault(message) + 1;
        }

        keep();
        if (Strikes("after a message was sent", message))
        {
            return Chance.Never<ForgeAnswer>();
        }

        return Task.FromResult<ForgeAnswer>(new ForgeAnswer.Done(link, null));
    }

    private bool Strikes(string where, string message)
    {
        if (chance.Crash > 0 && _dice.NextDouble() < chance.Crash)
        {
            chance.Die($"kill -9 {where}");
            _unsettled.Add(message);
            return true;
        }

        return false;
    }
}
