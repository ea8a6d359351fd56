using System.Text.Json;

namespace Reconciler.HostTests.Making;

/// <summary>A machine, the repository it follows, and the daemon on it.</summary>
internal sealed class World
{
    private readonly MachineKind _kind;
    private readonly string _folder;
    private readonly HashSet<string> _bad = [];
    private readonly HashSet<string> _repeated = [];
    private int _gates;

    /// <summary>Makes a world of which there is nothing yet.</summary>
    /// <param name="kind">What its machine is like.</param>
    /// <param name="name">Name of the machine.</param>
    public World(MachineKind kind, string name)
    {
        (_kind, _folder) = (kind, $"/var/tmp/reconciler-{name}");
        Machine = new Machine(name, kind.HasDisk);
        Host = new Host(Machine);
        Repository = new Repository(_folder);
    }

    public Machine Machine { get; }

    public Host Host { get; }

    public Repository Repository { get; }

    private (string Here, string There)[] Folders =>
    [
        (Beginnings.Published!, "/opt/reconciler"), (Repository.Flake, "/opt/reconciler-flake"), (Repository.Served, "/srv"), (Repository.Clone, "/root/infra"),
    ];

    /// <summary>Boots a fresh machine, puts the daemon on it, waits until it has confirmed the first commit, and switches the machine off.</summary>
    public async Task InstallAsync()
    {
        Directory.CreateDirectory(_folder);
        await Repository.PrepareAsync(_kind.Settings, _kind.IsPlain);
        await Machine.StartAsync(Folders);
        await Machine.ShellAsync(
            $"""
            git config --system --add safe.directory '*'
            mkdir -p /var/gates; chmod 1777 /var/gates
            cd /root/infra
            git add -A
            {(_kind.IsPlain ? "nixos-rebuild switch -I nixos-config=/root/infra/configuration.nix" : "nix flake lock; git add -A; nixos-rebuild switch --flake .#web1")}
            """);
        var first = await Repository.PushAsync("the beginning");
        await Host.UntilSettledAsync(first, "confirmed");
        await Machine.StopAsync();
    }

    /// <summary>Boots a machine that begins as another one, and waits until its daemon has nothing to do.</summary>
    public async Task BeginAsAsync(World model)
    {
        await Repository.CopyAsync(model.Repository);
        await Machine.StartAsAsync(model.Machine, Folders);
        await Host.UntilAsync("a daemon with nothing to do", status => status.GetProperty("state").GetString() == "upToDate");
    }

    /// <summary>Removes all of it; with RECONCILER_KEEP in the environment it stays, to look around in.</summary>
    public async Task DestroyAsync()
    {
        if (Environment.GetEnvironmentVariable("RECONCILER_KEEP") is null)
        {
            await Machine.DestroyAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A new gate.</summary>
    public Gate NewGate() => new(Machine, Host, $"gate{++_gates}");

    /// <summary>Pushes a system with a mark of its own and has the daemon look.</summary>
    public async Task<string> PushAsync(string mark, string nix = "", string branch = "main")
    {
        Repository.Change(mark, nix);
        var commit = await Repository.PushAsync(mark, branch);
        await Host.RunAsync("sync");
        return commit;
    }

    /// <summary>Pushes what is committed and has the daemon look.</summary>
    public async Task<string> PushAgainAsync()
    {
        await Repository.GitAsync("push", "-q", "origin", "HEAD:main");
        await Host.RunAsync("sync");
        return await Repository.GitAsync("rev-parse", "HEAD");
    }

    /// <summary>As <see cref="PushAsync"/>, of a commit that is to be rolled back or to fail.</summary>
    public async Task<string> PushBadAsync(string mark, string nix)
    {
        var commit = await PushAsync(mark, nix);
        _bad.Add(commit);
        return commit;
    }

    /// <summary>A revision turned out to be one that is rolled back.</summary>
    public void IsBad(string revision) => _bad.Add(revision);

    /// <summary>A revision that is to be deployed more than once, because the test asks for it.</summary>
    public void Repeat(string revision) => _repeated.Add(revision);

    /// <summary>Waits until a revision is confirmed, and looks whether all is as it should be.</summary>
    public async Task ConfirmedAsync(string revision, string mark)
    {
        var deployment = await Host.UntilSettledAsync(revision, "confirmed");
        var toplevel = await ToplevelOf(deployment);
        Assert.Equal(toplevel, await Host.RunningAsync());
        Assert.Equal(mark, await Host.MarkAsync());
        await SoundAsync();
    }

    /// <summary>Waits until a revision is rolled back, and looks whether all is as it should be.</summary>
    /// <param name="revision">The bad revision.</param>
    /// <param name="before">The system before it.</param>
    public async Task RolledBackAsync(string revision, string before)
    {
        await Host.UntilSettledAsync(revision, "rolledBack");
        Assert.Equal(before, await Host.RunningAsync());
        await ExplainedAsync(revision);
        await SoundAsync();
    }

    /// <summary>Waits for the branch with the explanation of a bad revision.</summary>
    public Task ExplainedAsync(string revision) => Host.UntilAsync(
        "the explanation", async () => (await Repository.RevertBranchesAsync()).Contains($"reconciler/revert-{revision[..7]}"));

    /// <summary>The host runs and boots one system, its ledger is whole, nothing was deployed twice, and each bad revision has one explanation.</summary>
    public async Task SoundAsync()
    {
        var running = await Host.RunningAsync();
        Assert.Equal(running, await Host.ProfileAsync());
        Assert.Equal(running, await Host.BootsAsync());
        await LedgerIsSoundAsync();
        var explained = await Repository.RevertBranchesAsync();
        Assert.All(explained, branch => Assert.Contains(_bad, bad => branch == $"reconciler/revert-{bad[..7]}"));
    }

    /// <summary>The ledger is whole, and tells of no revision that was deployed twice.</summary>
    public async Task LedgerIsSoundAsync()
    {
        Assert.Equal((0, ""), await Host.RunAsync("ledger", "verify") is var verdict ? (verdict.Code, verdict.Error) : default);
        var deployed = (await Host.LedgerAsync())
            .Where(entry => entry.GetProperty("kind").GetString() == "deploymentBegan")
            .Select(entry => entry.GetProperty("fact").GetProperty("source"))
            .Where(source => source.TryGetProperty("revision", out _))
            .Select(source => (Revision: source.GetProperty("revision").GetString()!, Branch: source.GetProperty("branch").GetString()!))
            .Where(source => !_repeated.Contains(source.Revision))
            .ToList();
        Assert.Equal(deployed.Distinct(), deployed);
    }

    /// <summary>The system of a deployment.</summary>
    public async Task<string> ToplevelOf(JsonElement deployment)
    {
        var number = deployment.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var document = JsonDocument.Parse(await Host.TellAsync("show", number, "--json"));
        return document.RootElement.GetProperty("toplevel").GetString()!;
    }
}
