namespace FakeGitHub.World;

/// <summary>A repository: a bare one on disk, and what GitHub keeps around it.</summary>
internal sealed class RepositoryState(long id, Account owner, string name, string folder, DateTimeOffset createdAt)
{
    public long Id { get; } = id;

    public Account Owner { get; set; } = owner;

    public string Name { get; set; } = name;

    public string FullName => $"{Owner.Login}/{Name}";

    /// <summary>Path of the bare repository; a rename does not move it.</summary>
    public string Folder { get; } = folder;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset PushedAt { get; set; } = createdAt;

    public bool Private { get; set; } = true;

    public string DefaultBranch { get; set; } = "main";

    public bool Archived { get; set; }

    public Table<CommitStatus> Statuses { get; } = new(x => x.Id);

    public Table<Deployment> DeploymentTable { get; } = new(x => x.Id);

    public Table<DeploymentStatus> DeploymentStatuses { get; } = new(x => x.Id);

    public Table<DeployEnvironment> Environments { get; } = new(x => x.Id);

    public Table<PullRequest> Pulls { get; } = new(x => x.Number);

    public Table<IssueComment> Comments { get; } = new(x => x.Id);

    public Table<Label> Labels { get; } = new(x => x.Id);

    public Table<CheckRun> CheckRuns { get; } = new(x => x.Id);

    public Table<Hook> Hooks { get; } = new(x => x.Id);

    public Table<Delivery> Deliveries { get; } = new(x => x.Id);

    public IReadOnlyList<PullRequest> PullRequests => Pulls.All;

    public IReadOnlyList<Deployment> Deployments => DeploymentTable.All;

    /// <summary>Statuses of a commit, oldest first.</summary>
    public IReadOnlyList<CommitStatus> StatusesOf(string sha) => [.. Statuses.All.Where(x => x.Sha == sha)];

    /// <summary>Comments of a pull request, oldest first.</summary>
    public IReadOnlyList<IssueComment> CommentsOf(long number) => [.. Comments.All.Where(x => x.Number == number)];

    /// <summary>Statuses of a deployment, oldest first.</summary>
    public IReadOnlyList<DeploymentStatus> StatusesOfDeployment(long deployment) => [.. DeploymentStatuses.All.Where(x => x.DeploymentId == deployment)];

    public Label? LabelNamed(string label) => Labels.All.FirstOrDefault(x => string.Equals(x.Name, label, StringComparison.OrdinalIgnoreCase));

    public bool IsNamed(string fullName) => string.Equals(FullName, fullName, StringComparison.OrdinalIgnoreCase);
}
