namespace Reconciler.HostTests.Making;

/// <summary>
/// A place in the machine where work stops until it is told to go on, so that a test can break in at exactly that place: a build, a switch,
/// a health check, a push. What arrives leaves the file <c>reached</c>, and waits for the file <c>open</c>.
/// </summary>
internal sealed class Gate(Machine machine, Host host, string name)
{
    /// <summary>Shell commands that stop at the gate.</summary>
    public string Script => $"PATH=/usr/bin:/bin; touch /var/gates/{name}.reached; until [ -e /var/gates/{name}.open ]; do sleep 0.05; done";

    /// <summary>Waits until something has arrived.</summary>
    public Task UntilReachedAsync() => host.UntilAsync($"something at {name}", () => Task.FromResult(File.Exists(Reached)));

    /// <summary>Lets everything through from now on.</summary>
    public Task OpenAsync() => machine.TellAsync("touch", $"/var/gates/{name}.open");

    /// <summary>Forgets that something arrived.</summary>
    public Task CloseAsync() => machine.TellAsync("rm", $"/var/gates/{name}.reached");

    private string Reached => machine.PathOf($"/var/gates/{name}.reached");

    /// <summary>Puts a gate into every switch.</summary>
    /// <param name="action">What is asked of switch-to-configuration: <c>dry-activate</c>, <c>test</c>, <c>boot</c>.</param>
    /// <param name="stage">The stage, as in <c>testhost/README.md</c>.</param>
    /// <param name="toplevel">Only a switch to this system; all when left out.</param>
    public async Task IntoSwitchAsync(string action, string stage, string toplevel = "*")
    {
        await machine.ShellAsync(
            $$"""
            mkdir -p /run/nixos
            cat > /run/nixos/test-hook.new <<'HOOK'
            #!/bin/bash
            [[ $NIXOS_ACTION = {{action}} && $1 = {{stage}} && $2 = {{toplevel}} ]] || exit 0
            {{Script}}
            HOOK
            chmod +x /run/nixos/test-hook.new
            mv /run/nixos/test-hook.new /run/nixos/test-hook
            """);
    }
}
