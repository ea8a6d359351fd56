using System.Reflection;

namespace Reconciler.HostTests.Making;

/// <summary>A booted machine to test on; <c>testhost/README.md</c> tells what it is.</summary>
internal sealed class Machine(string name, bool hasDisk)
{
    /// <summary>The root of the project.</summary>
    public static string Project { get; } = Path.GetFullPath(
        typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    /// <summary>Boots it, and waits until it is up.</summary>
    /// <param name="folders">Folders of this host, and where the machine shows them.</param>
    public async Task StartAsync(params (string Here, string There)[] folders)
    {
        await DoAsync("start", [.. hasDisk ? new[] { "--disk" } : [], .. folders.SelectMany(folder => new[] { "--bind", $"{folder.Here}:{folder.There}" })]);
        await DoAsync("wait");
    }

    /// <summary>Boots it again, with the folders of the first time.</summary>
    public async Task RestartAsync()
    {
        await DoAsync("start");
        await DoAsync("wait");
    }

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

    private async Task DoAsync(string verb, params string[] arguments) =>
        (await Ran.ProgramAsync(Script, [verb, name, .. arguments])).Text($"machine {verb} {name}");
}
