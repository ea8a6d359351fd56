namespace Reconciler.Adapters.GitHub;

/// <summary>What a GitHub App needs, in GitHub's names for permissions.</summary>
internal static class AppPermissions
{
    /// <summary>What it cannot do without, and what for.</summary>
    public static IReadOnlyList<(string Name, string Level, string What)> Needed(GitHubSettings settings) =>
    [
        ("statuses", "write", "to set commit statuses"),
        ("deployments", "write", "to show deployments"),
        ("pull_requests", "write", "to explain rollbacks and plans on pull requests"),
        ("contents", settings.MayCreateBranches ? "write" : "read", settings.MayCreateBranches ? "to make the branch that takes a revision back" : "to read commits"),
    ];

    /// <summary>What is asked of an installation: what is needed and helpful, as far as it was granted. Asking for more would be refused whole.</summary>
    public static Dictionary<string, string> Narrow(GitHubSettings settings, IReadOnlyDictionary<string, string> granted)
    {
        (string Name, string Level)[] helpful =
        [
            ("metadata", "read"),
            ("issues", "write"), // labels
            ("repository_hooks", "read"), // the examination
            .. settings.MayCreateBranches ? [("workflows", "write")] : Array.Empty<(string, string)>(), // a revert that touches .github/workflows
        ];
        return Needed(settings).Select(need => (need.Name, need.Level)).Concat(helpful)
            .Where(wish => granted.ContainsKey(wish.Name))
            .ToDictionary(wish => wish.Name, wish => Has(granted, wish.Name, wish.Level) ? wish.Level : "read");
    }

    /// <summary>Whether a permission was granted.</summary>
    public static bool Has(IReadOnlyDictionary<string, string> granted, string name, string level) =>
        granted.TryGetValue(name, out var has) && (level == "read" || has is "write" or "admin");
}
