using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Simulation;

/// <summary>What a simulated commit does to a host.</summary>
internal sealed record Nature
{
    public required Toplevel Toplevel { get; init; }

    public Failure? BuildFailure { get; init; }

    public ActivationOutcome Activation { get; init; } = new ActivationOutcome.Succeeded();

    /// <summary>Whether its activation ends before <c>/run/current-system</c> moves, with units stopped already.</summary>
    public bool BreaksEarly { get; init; }

    public bool IsSick { get; init; }

    public bool CrashesMachine { get; init; }

    public Failure? PreviewFailure { get; init; }

    /// <summary>Its kernel: one that differs from the one that was booted needs a reboot.</summary>
    public int Kernel { get; init; }

    /// <summary>Whether the machine does not come up on it, and the next boot is another one.</summary>
    public bool FailsToBoot { get; init; }

    /// <summary>Whether nothing is wrong with it, so that a calm world must confirm it.</summary>
    public bool IsSound => BuildFailure is null && PreviewFailure is null && !IsSick && !CrashesMachine && !FailsToBoot && Activation is ActivationOutcome.Succeeded or ActivationOutcome.UnitsFailed;
}

/// <summary>Commits, branches and a remote, in memory. Notes and revert branches told to it are counted.</summary>
internal sealed class SimulatedRepository(Chance chance) : IGitRemotes, IGitHistory, ICheckouts, IGitStory
{
    private readonly Dictionary<Revision, Revision?> _parents = [];
    private readonly Dictionary<Revision, Nature> _natures = [];
    private int _commits;

    /// <summary>How many commits there are.</summary>
    public int Commits => _commits;

    public Revision? Main { get; private set; }

    public Revision? Testing { get; private set; }

    public Dictionary<Revision, int> RevertBranches { get; } = [];

    public Dictionary<DeploymentId, string> Notes { get; } = [];

    public ImmutableArray<string> Names => ["origin"];

    public Nature NatureOf(Revision revision) => _natures[revision];

    public Revision Commit(Revision? parent, Nature nature)
    {
        var revision = new Revision((++_commits).ToString("x7", CultureInfo.InvariantCulture).PadRight(40, '0'));
        _parents[revision] = parent;
        _natures[revision] = nature;
        return revision;
    }

    public void Push(Revision tip) => Main = tip;

    public void PushTesting(Revision? tip) => Testing = tip;

    public Revision? ParentOf(Revision revision) => _parents[revision];

    public Task<RemoteLook> LookAsync(string remote, RemoteView? before, CancellationToken cancellationToken)
    {
        if (chance.Strikes("in fetch"))
        {
            return Chance.Never<RemoteLook>();
        }

        return Task.FromResult<RemoteLook>(chance.Of(chance.Trouble) ? new RemoteLook.Failed("no answer") : new RemoteLook.Tips(Main, Testing));
    }

    public Lineage Compare(Revision start, Revision tip) =>
        start == tip ? Lineage.Same : IsAncestor(start, tip) ? Lineage.Ahead : IsAncestor(tip, start) ? Lineage.Behind : Lineage.Diverged;

    public CommitSummary? Describe(Revision revision) => null;

    public ImmutableArray<CommitSummary> Between(Revision? start, Revision tip, int limit) => [];

    public Revision? Resolve(string text) => _parents.Keys.Cast<Revision?>().FirstOrDefault(r => r!.Value.Sha == text);

    public Task<SignatureVerdict> VerifySignaturesAsync(Revision? confirmed, Revision tip, CancellationToken cancellationToken) =>
        Task.FromResult<SignatureVerdict>(new SignatureVerdict.Trusted());

    public Task<CheckoutOutcome> CheckOutAsync(Revision revision, CancellationToken cancellationToken)
    {
        if (chance.Strikes("in checkout"))
        {
            return Chance.Never<CheckoutOutcome>();
        }

        return Task.FromResult<CheckoutOutcome>(chance.Of(chance.Trouble)
            ? new CheckoutOutcome.Failed(new Failure.CheckoutFailed("disk full"))
            : new CheckoutOutcome.Ready("/checkout/" + revision.Sha));
    }

    public Task<TellOutcome> TellAsync(DeploymentStory story, CancellationToken cancellationToken)
    {
        if (chance.Strikes("before telling"))
        {
            return Chance.Never<TellOutcome>();
        }

        if (chance.Of(chance.Trouble))
        {
            return Task.FromResult<TellOutcome>(new TellOutcome.Failed("the remote does not answer"));
        }

        Notes[story.Deployment.Id] = story.Deployment.Phase.GetType().Name;
        if (story.Deployment is { Phase: DeploymentPhase.RolledBack, Revision: { } bad })
        {
            RevertBranches[bad] = 1; // the branch's name is the revision's: a second push of the same commit changes nothing
        }

        if (chance.Strikes("after telling"))
        {
            return Chance.Never<TellOutcome>();
        }

        return Task.FromResult<TellOutcome>(new TellOutcome.Told(true, null, null));
    }

    private bool IsAncestor(Revision ancestor, Revision of)
    {
        for (Revision? at = of; at is { } revision; at = _parents[revision])
        {
            if (revision == ancestor)
            {
                return true;
            }
        }

        return false;
    }
}
