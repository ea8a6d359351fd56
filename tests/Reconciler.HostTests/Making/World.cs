using System.Text.Json;

namespace Reconciler.HostTests.Making;

/// <summary>A machine, the repository it follows, and the daemon on it, which has confirmed the first commit. Made once for a class of tests.</summary>
public class World : IAsyncLifetime
{
    private static int s_made;
    private readonly string _name = $"hosttests-{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}";
    private readonly HashSet<string> _bad = [];
    private readonly HashSet<string> _repeated = [];
    private int _gates;

    /// <summary>Nix: the attributes of <c>services.reconciler.settings</c> that differ from the usual ones.</summary>
    protected virtual string Settings => "";

    /// <summary>Whether the repository is a <c>configuration.nix</c> without a flake.</summary>
    protected virtual bool IsPlain => false;

    /// <summary>Whether the machine has a disk of its own, of which a power cut loses what was not written yet.</summary>
    protected virtual bool HasDisk => false;

    internal Machine Machine { get; private set; } = null!;

    internal Host Host { get; private set; } = null!;

    internal Repository Repository { get; private set; } = null!;

    /// <summary>Where the repository and all that is bound into the machine lies on this host.</summary>
    internal string Folder => $"/var/tmp/reconciler-{_name}";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("RECONCILER_PUBLISHED") is not { Length: > 0 } published)
        {
            return; // the tests are skipped, each with the reason
        }

        Machine = new Machine(_name, HasDisk);
        Host = new Host(Machine);
        Repository = new Repository(Folder);
        Directory.CreateDirectory(Folder);
        await Repository.PrepareAsync(Settings, IsPlain);
        await PrepareAsync();
        await Machine.StartAsync((published, "/opt/reconciler"), (Repository.Flake, "/opt/reconciler-flake"), (Repository.Served, "/srv"), (Repository.Clone, "/root/infra"));
        await Machine.ShellAsync(
            $"""
            git config --system --add safe.directory '*'
            mkdir -p /var/gates; chmod 1777 /var/gates
            cd /root/infra
            git add -A
            {(IsPlain ? "nixos-rebuild switch -I nixos-config=/root/infra/configuration.nix" : "nix flake lock; git add -A; nixos-rebuild switch --flake .#web1")}
            """);
        var first = await Repository.PushAsync("the beginning");
        await Host.UntilSettledAsync(first, "confirmed");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Machine is not null && Environment.GetEnvironmentVariable("RECONCILER_KEEP") is null)
        {
            await Machine.DestroyAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>What else the repository needs before the machine boots.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>A new gate.</summary>
    internal Gate NewGate() => new(Machine, Host, $"gate{++_gates}");

    /// <summary>Pushes a system with a mark of its own and has the daemon look.</summary>
    internal async Task<string> PushAsync(string mark, string nix = "", string branch = "main")
    {
        Repository.Change(mark, nix);
        var commit = await Repository.PushAsync(mark, branch);
        await Host.RunAsync("sync");
        return commit;
    }

    /// <summary>Pushes what is committed and has the daemon look.</summary>
    internal async Task<string> PushAgainAsync()
    {
        await Repository.GitAsync("push", "-q", "origin", "HEAD:main");
        await Host.RunAsync("sync");
        return await Repository.GitAsync("rev-parse", "HEAD");
    }

    /// <summary>As <see cref="PushAsync"/>, of a commit that is to be rolled back or to fail.</summary>
    internal async Task<string> PushBadAsync(string mark, string nix)
    {
        var commit = await PushAsync(mark, nix);
        _bad.Add(commit);
        return commit;
    }

    /// <summary>A revision that is to be deployed more than once, because the test asks for it.</summary>
    internal void Repeat(string revision) => _repeated.Add(revision);

    /// <summary>Waits until a revision is confirmed, and looks whether all is as it should be.</summary>
    internal async Task ConfirmedAsync(string revision, string mark)
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
    internal async Task RolledBackAsync(string revision, string before)
    {
        await Host.UntilSettledAsync(revision, "rolledBack");
        Assert.Equal(before, await Host.RunningAsync());
        await ExplainedAsync(revision);
        await SoundAsync();
    }

    /// <summary>Waits for the branch with the explanation of a bad revision.</summary>
    internal Task ExplainedAsync(string revision) => Host.UntilAsync(
        "the explanation", async () => (await Repository.RevertBranchesAsync()).Contains($"reconciler/revert-{revision[..7]}"));

    /// <summary>The host runs and boots one system, its ledger is whole, nothing was deployed twice, and each bad revision has one explanation.</summary>
    internal async Task SoundAsync()
    {
        var running = await Host.RunningAsync();
        Assert.Equal(running, await Host.ProfileAsync());
        Assert.Equal(running, await Host.BootsAsync());
        await LedgerIsSoundAsync();
        var explained = await Repository.RevertBranchesAsync();
        Assert.All(explained, branch => Assert.Contains(_bad, bad => branch == $"reconciler/revert-{bad[..7]}"));
    }

    /// <summary>The ledger is whole, and tells of no revision that was deployed twice.</summary>
    internal async Task LedgerIsSoundAsync()
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
    internal async Task<string> ToplevelOf(JsonElement deployment)
    {
        var number = deployment.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var document = JsonDocument.Parse(await Host.TellAsync("show", number, "--json"));
        return document.RootElement.GetProperty("toplevel").GetString()!;
    }
}
