namespace Reconciler.HostTests.Making;

/// <summary>The repository the machine follows: a bare one, and a clone of it to make commits in. Begins as <c>examples/repo-layout</c>.</summary>
internal sealed class Repository(string folder)
{
    /// <summary>The folder with the bare repository, which the machine shows as <c>/srv</c>.</summary>
    public string Served => Path.Combine(folder, "srv");

    /// <summary>The clone, which the machine shows as <c>/root/infra</c>.</summary>
    public string Clone => Path.Combine(folder, "infra");

    /// <summary>Our flake as the machine sees it.</summary>
    public string Flake => Path.Combine(folder, "flake");

    private string Bare => Path.Combine(Served, "infra.git");

    /// <summary>Makes both. A script does it, so that it can be done by hand too.</summary>
    /// <param name="settings">Nix: the attributes of <c>services.reconciler.settings</c> that differ from the usual ones.</param>
    /// <param name="isPlain">Whether it is a <c>configuration.nix</c> without a flake.</param>
    public async Task PrepareAsync(string settings, bool isPlain) =>
        (await Ran.ProgramAsync("bash", Path.Combine(AppContext.BaseDirectory, "Making", "prepare-repository.sh"), Machine.Project, folder, isPlain ? "plain" : "flake", settings))
            .Text("preparing the repository");

    /// <summary>Makes both as copies, with their time stamps, as lock files hold them.</summary>
    public async Task CopyAsync(Repository other) =>
        (await Ran.ProgramAsync("cp", "-a", Path.GetDirectoryName(other.Served)!, folder)).Text("copying the repository");

    /// <summary>Writes the part of the configuration that tests change.</summary>
    /// <param name="mark">Text of <c>/etc/mark</c>, so that no two systems are the same.</param>
    /// <param name="nix">Further Nix, as attributes of a module.</param>
    public void Change(string mark, string nix = "") => File.WriteAllText(
        Path.Combine(Clone, "change.nix"),
        $$"""
        { config, lib, pkgs, ... }:
        {
          environment.etc.mark.text = "{{mark}}";
        {{nix}}
        }

        """);

    /// <summary>Writes a file.</summary>
    public void Write(string path, string text) => File.WriteAllText(Path.Combine(Clone, path), text);

    /// <summary>Commits all there is and tells the commit's id.</summary>
    public async Task<string> CommitAsync(string subject)
    {
        await GitAsync("add", "-A");
        await GitAsync("commit", "-q", "--allow-empty", "-m", subject);
        return await GitAsync("rev-parse", "HEAD");
    }

    /// <summary>Commits and pushes.</summary>
    public async Task<string> PushAsync(string subject, string branch = "main")
    {
        var commit = await CommitAsync(subject);
        await GitAsync("push", "-q", "origin", $"HEAD:{branch}");
        return commit;
    }

    /// <summary>Runs git in the clone.</summary>
    public async Task<string> GitAsync(params string[] arguments) =>
        (await Ran.ProgramAsync("git", ["-C", Clone, "-c", "user.name=You", "-c", "user.email=you@example.org", .. arguments]))
            .Text($"git {string.Join(' ', arguments)}");

    /// <summary>The branches with explanations, in the bare repository.</summary>
    public async Task<string[]> RevertBranchesAsync() =>
        (await Ran.ProgramAsync("git", "-C", Bare, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/reconciler"))
            .Text("git for-each-ref").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The host's note on a commit, in the bare repository; empty when there is none.</summary>
    public async Task<string> NoteAsync(string commit) =>
        (await Ran.ProgramAsync("git", "-C", Bare, "notes", "--ref=reconciler/web1", "show", commit)).Output;

    /// <summary>Takes the repository away: it can no longer be reached.</summary>
    public void GoAway() => Directory.Move(Bare, Bare + ".away");

    /// <summary>Brings it back.</summary>
    public void ComeBack() => Directory.Move(Bare + ".away", Bare);
}
