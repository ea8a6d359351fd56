namespace Reconciler.Model;

/// <summary>Something a forge, or people by a channel of their own, are to be told. A closed set.</summary>
/// <remarks>Messages are kept until they are sent. They name what they tell of; what a forge shows of it is looked up when it is sent.</remarks>
internal abstract record ForgeMessage
{
    private ForgeMessage() { }

    /// <summary>What it speaks about. A message not sent yet gives way to a later one about the same.</summary>
    public abstract string Subject { get; }

    /// <summary>How a commit stands on this host.</summary>
    /// <param name="Commit">The commit.</param>
    /// <param name="Kind">Which of the host's two statuses it is.</param>
    /// <param name="State">The state.</param>
    /// <param name="Description">Why, in one line; the forge's adapter cuts it to its limit.</param>
    /// <param name="Link">Where more can be read; null when nowhere yet.</param>
    public sealed record CommitStatus(Revision Commit, StatusKind Kind, CommitState State, string Description, Uri? Link) : ForgeMessage
    {
        public override string Subject => $"status/{Kind}/{Commit.Sha}";
    }

    /// <summary>How a deployment goes.</summary>
    /// <param name="Deployment">Its name on this host.</param>
    /// <param name="Commit">The commit that is deployed.</param>
    /// <param name="State">How far it has come.</param>
    /// <param name="Description">In one line.</param>
    public sealed record DeploymentProgress(DeploymentId Deployment, Revision Commit, DeploymentState State, string Description) : ForgeMessage
    {
        public override string Subject => $"deployment/{Deployment}";
    }

    /// <summary>A rollback is to be explained by a pull request.</summary>
    /// <param name="Deployment">The deployment that was rolled back.</param>
    /// <param name="Bad">The commit that failed.</param>
    public sealed record RollbackExplained(DeploymentId Deployment, Revision Bad) : ForgeMessage
    {
        public override string Subject => $"rollback/{Bad.Sha}";
    }

    /// <summary>
    /// A newer commit was confirmed, so the pull request that would take an older one back has lost its point. Has the same subject: one that
    /// was not opened yet is not opened any more.
    /// </summary>
    /// <param name="Bad">The commit that failed.</param>
    /// <param name="By">The commit that was confirmed since.</param>
    public sealed record RollbackOvertaken(Revision Bad, Revision By) : ForgeMessage
    {
        public override string Subject => $"rollback/{Bad.Sha}";
    }

    /// <summary>Word to people, by a channel they have chosen.</summary>
    /// <param name="Channel">The channel's name in the configuration.</param>
    /// <param name="Kind">What it is about.</param>
    /// <param name="Deployment">Which deployment; null when it is about none.</param>
    /// <param name="Commit">Which commit; null when it is about none.</param>
    /// <param name="Headline">What happened, in one line.</param>
    /// <param name="Cure">What to do; empty when there is nothing to do.</param>
    public sealed record Notice(string Channel, NoticeKind Kind, DeploymentId? Deployment, Revision? Commit, string Headline, string Cure) : ForgeMessage
    {
        public override string Subject => $"notice/{Channel}/{Kind}/{Deployment?.ToString() ?? "host"}";
    }

    /// <summary>The trace of a deployment that has ended, to whoever collects traces.</summary>
    /// <param name="Deployment">The deployment.</param>
    public sealed record DeploymentTraced(DeploymentId Deployment) : ForgeMessage
    {
        public override string Subject => $"trace/{Deployment}";
    }

    /// <summary>What a pull request would change on this host.</summary>
    /// <param name="PullRequest">Its number at the forge.</param>
    /// <param name="Head">The commit that was built.</param>
    /// <param name="Report">What came of it.</param>
    public sealed record PlanReported(long PullRequest, Revision Head, PlanReport Report) : ForgeMessage
    {
        public override string Subject => SubjectOf(PullRequest);

        /// <summary>The subject of what a pull request is told.</summary>
        public static string SubjectOf(long pullRequest) => $"plan/{pullRequest}";
    }
}

/// <summary>What people may want to hear of.</summary>
internal enum NoticeKind
{
    /// <summary>A commit did not come so far as to be tried.</summary>
    Failed,

    /// <summary>The host was put back.</summary>
    RolledBack,

    /// <summary>Putting the host back failed.</summary>
    NeedsOperator,

    /// <summary>A commit was confirmed after one that was not.</summary>
    Recovered,

    /// <summary>Nothing has moved for long, and a person may have to see to it.</summary>
    Held,
}

/// <summary>Which status of a commit is meant.</summary>
internal enum StatusKind
{
    /// <summary>How the commit stands on the host: <c>nixos/HOST</c>.</summary>
    Deployment,

    /// <summary>Whether it could be planned: <c>nixos/HOST/plan</c>.</summary>
    Plan,
}

/// <summary>The states every forge knows.</summary>
internal enum CommitState
{
    /// <summary>Not decided yet.</summary>
    Pending,

    /// <summary>Good.</summary>
    Success,

    /// <summary>Bad, through the commit's own fault.</summary>
    Failure,

    /// <summary>Bad, and not through the commit's fault.</summary>
    Error,
}

/// <summary>How far a deployment has come, in the words forges share.</summary>
internal enum DeploymentState
{
    /// <summary>Chosen.</summary>
    Queued,

    /// <summary>Building, on trial, or being put back.</summary>
    InProgress,

    /// <summary>Confirmed.</summary>
    Success,

    /// <summary>It failed, and the host was put back or left as it was.</summary>
    Failure,

    /// <summary>It stopped for want of a person.</summary>
    Error,

    /// <summary>Another took its place.</summary>
    Inactive,
}
