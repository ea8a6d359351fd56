using System.Reflection;

namespace Reconciler.HostTests.Making;

/// <summary>A booted machine to test on; <c>testhost/README.md</c> tells what it is.</summary>
internal sealed class Machine(string name, bool hasDisk)
{
    private string _leader = "none";

    /// <summary>The root of the project.</summary>
    public static string Project { get; } = Path.GetFullPath(
        typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    /// <summary>Boots it, and waits until it is up.</summary>
    /// <param name="folders">Folders of this host, and where the machine shows them.</param>
    public Task StartAsync((string Here, string There)[] folders) => UpAsync([.. Options(folders)]);

    /// <summary>Boots it, as it begins as another one, and waits until it is up.</summary>
    /// <param name="model">The other one; it is down, and stays it.</param>
    /// <param name="folders">As for <see cref="StartAsync"/>.</param>
    public Task StartAsAsync(Machine model, (string Here, string There)[] folders) => UpAsync(["--like", model.Name, .. Options(folders)]);

    /// <summary>Boots it again, with the folders of the first time.</summary>
    public Task RestartAsync() => UpAsync();

    /// <summary>Waits until it has gone down by itself, as in a reboot.</summary>
    /// <exception cref="TimeoutException">It stayed up.</exception>
    public async Task UntilDownAsync()
    {
        for (var end = DateTime.UtcNow + TimeSpan.FromMinutes(4); await DoAsync("status") != "down"; await Task.Delay(TimeSpan.FromMilliseconds(200)))
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException("the machine did not go down");
            }
        }
    }

    /// <summary>Switches it on, whatever comes of that; what its boot loader was to boot once is used up.</summary>
    public async Task SwitchOnAsync()
    {
        await Ran.ProgramAsync(Script, ["start", name]);
        await Task.Delay(TimeSpan.FromSeconds(2));
    }

    /// <summary>Shuts it down in order.</summary>
    public Task StopAsync() => DoAsync("stop");

    /// <summary>Where this host finds one of its files, while it is up. A link in it would lead astray.</summary>
    public string PathOf(string path) => $"/proc/{_leader}/root{path}";

    /// <summary>Ends all its processes in one instant; with a disk, what was not written yet is lost.</summary>
    public Task CutPowerAsync() => DoAsync(hasDisk ? "cut" : "kill");

    /// <summary>Removes it.</summary>
    public Task DestroyAsync() => DoAsync("destroy");

    /// <summary>Runs a program in it, whatever its exit code.</summary>
    public Task<Ran> RunAsync(params string[] command) => Ran.ProgramAsync(Script, ["exec", name, .. command]);

    /// <summary>What a program in it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> TellAsync(params string[] command) => (await RunAsync(command)).Text(string.Join(' ', command));

    /// <summary>What a shell in it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public Task<string> ShellAsync(string script) => TellAsync("bash", "-euc", script);

    private static string Script { get; } = Path.Combine(Project, "testhost", "machine");

    private string Name => name;

    private IEnumerable<string> Options((string Here, string There)[] folders) =>
        [.. hasDisk ? new[] { "--disk" } : [], .. folders.SelectMany(folder => new[] { "--bind", $"{folder.Here}:{folder.There}" })];

    private async Task UpAsync(params string[] options)
    {
        await DoAsync("start", options);
        await DoAsync("wait");
        _leader = (await DoAsync("status")).Split(' ')[^1];
    }

    private async Task<string> DoAsync(string verb, params string[] arguments) =>
        (await Ran.ProgramAsync(Script, [verb, name, .. arguments])).Text($"machine {verb} {name}");
}
