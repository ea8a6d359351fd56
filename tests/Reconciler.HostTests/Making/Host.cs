using System.Text.Json;

namespace Reconciler.HostTests.Making;

/// <summary>The daemon and the system of a machine, as an operator sees them.</summary>
internal sealed class Host(Machine machine)
{
    private readonly ControlClient _client = new(machine);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the command-line program, whatever its exit code.</summary>
    public Task<Ran> RunAsync(params string[] arguments) => machine.RunAsync(["/opt/reconciler/reconciler", .. arguments]);

    /// <summary>What the command-line program prints.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public Task<string> TellAsync(params string[] arguments) => machine.TellAsync(["/opt/reconciler/reconciler", .. arguments]);

    /// <summary>The status; null while the daemon does not answer.</summary>
    public async Task<JsonElement?> StatusAsync() => await _client.StatusAsync() is { } text ? Parse(text) : null;

    /// <summary>Waits for a status.</summary>
    /// <param name="what">What is waited for, in words.</param>
    /// <param name="is">Whether it has come.</param>
    /// <exception cref="TimeoutException">It did not come; tells what the daemon said last.</exception>
    public async Task<JsonElement> UntilAsync(string what, Func<JsonElement, bool> @is)
    {
        JsonElement? last = null;
        await UntilAsync(what, async () => (last = await StatusAsync()) is { } status && @is(status));
        return last!.Value;
    }

    /// <summary>Waits for anything.</summary>
    /// <exception cref="TimeoutException">It did not come; tells what the daemon said last.</exception>
    public async Task UntilAsync(string what, Func<Task<bool>> @is)
    {
        var end = DateTime.UtcNow + Patience;
        while (!await @is())
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException($"waited in vain for: {what}\n{await LastWordsAsync()}");
            }

            await Task.Delay(Between);
        }
    }

    /// <summary>Waits until a revision is settled in a phase, and nothing is under way.</summary>
    /// <returns>The deployment.</returns>
    public async Task<JsonElement> UntilSettledAsync(string revision, string phase)
    {
        JsonElement? found = null;
        await UntilAsync($"{revision[..7]} {phase}", status =>
            status.GetProperty("isSettled").GetBoolean() && (found = DeploymentOf(status, revision)) is { } deployment && PhaseOf(deployment) == phase);
        return found!.Value;
    }

    /// <summary>Waits until a deployment is in a phase.</summary>
    public Task UntilPhaseAsync(string revision, string phase) => UntilAsync(
        $"{revision[..7]} {phase}", status => DeploymentOf(status, revision) is { } deployment && PhaseOf(deployment) == phase);

    /// <summary>Kills the daemon without warning, and waits until systemd has started it again.</summary>
    public async Task KillDaemonAsync()
    {
        var before = await DaemonAsync();
        await machine.TellAsync("kill", "-9", before);
        await UntilAnotherDaemonAsync(before);
    }

    /// <summary>Restarts the daemon in order.</summary>
    public async Task RestartDaemonAsync()
    {
        var before = await DaemonAsync();
        await machine.TellAsync("systemctl", "restart", "reconciler");
        await UntilAnotherDaemonAsync(before);
    }

    /// <summary>What runs.</summary>
    public Task<string> RunningAsync() => machine.TellAsync("readlink", "-f", "/run/current-system");

    /// <summary>What was booted.</summary>
    public Task<string> BootedAsync() => machine.TellAsync("readlink", "-f", "/run/booted-system");

    /// <summary>The system profile.</summary>
    public Task<string> ProfileAsync() => machine.TellAsync("readlink", "-f", "/nix/var/nix/profiles/system");

    /// <summary>What the boot loader boots.</summary>
    public Task<string> BootsAsync() => machine.TellAsync("cat", "/boot/mini-loader/default");

    /// <summary>The mark of the system that runs.</summary>
    public Task<string> MarkAsync() => machine.TellAsync("cat", "/etc/mark");

    /// <summary>All facts of the ledger.</summary>
    public async Task<List<JsonElement>> LedgerAsync() =>
        [.. (await TellAsync("ledger", "export")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>How often a system was really switched to since boot.</summary>
    public async Task<int> SwitchesAsync() => int.Parse(
        await machine.ShellAsync("journalctl -b -t nixos --no-pager -o cat | grep -c '^switching to system configuration' || true"),
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The daemon's log since boot.</summary>
    public async Task<string> LogAsync() => (await machine.RunAsync("journalctl", "-b", "-u", "reconciler", "--no-pager", "-o", "cat")).Output;

    /// <summary>The newest deployment of a revision in a status; null when there is none.</summary>
    public static JsonElement? DeploymentOf(JsonElement status, string revision)
    {
        foreach (var deployment in status.GetProperty("deployments").EnumerateArray())
        {
            if (deployment.TryGetProperty("revision", out var found) && found.GetString() == revision)
            {
                return deployment;
            }
        }

        return null;
    }

    /// <summary>The phase of a deployment.</summary>
    public static string PhaseOf(JsonElement deployment) => deployment.GetProperty("phase").GetString()!;

    /// <summary>Waits until another daemon answers than the one that was known.</summary>
    /// <param name="before">Its process id.</param>
    public async Task UntilAnotherDaemonAsync(string before) => await UntilAsync(
        "the next daemon", async () => await DaemonAsync() is var now && now != "0" && now != before && await StatusAsync() is not null);

    /// <summary>The process id of the daemon; 0 while there is none.</summary>
    public Task<string> DaemonAsync() => machine.TellAsync("systemctl", "show", "--property=MainPID", "--value", "reconciler");

    /// <summary>Status and the end of the log, for a person who looks for the reason of a failure.</summary>
    public async Task<string> LastWordsAsync() =>
        $"{(await RunAsync("status")).Output}\n{(await machine.RunAsync("journalctl", "-u", "reconciler", "-n", "60", "--no-pager", "-o", "cat")).Output}";

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
