using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;

namespace Reconciler.Composition;

/// <summary>
/// Ends the daemon when the system that runs brings it another configuration, program or unit, so that systemd starts it with them. Switches
/// leave its unit alone, since it is the daemon that drives them; so it has to see to this itself. Without systemd it never does.
/// </summary>
/// <remarks>
/// On trial it does so at once: the new daemon judges the trial it came with. One that cannot start confirms nothing, and the dead-man's switch
/// puts the host back, the old daemon with it.
/// </remarks>
/// <param name="configurationFile">The configuration this daemon was started with.</param>
/// <param name="service">The service it runs as; null when it is none.</param>
/// <param name="board">Tells when something has changed.</param>
internal sealed class SelfRenewal(string? configurationFile, string? service, IStatusBoard board)
{
    private readonly IReadOnlyList<Part> _parts =
    [
        .. configurationFile is null ? Array.Empty<Part>() : [new($"The configuration {configurationFile}", configurationFile, configurationFile)],
        new("The program", "/run/current-system/sw/bin/reconciler", "/sw/bin/reconciler"),
        .. service is null ? Array.Empty<Part>() : [new($"The unit {service}", $"/etc/systemd/system/{service}", $"/etc/systemd/system/{service}")],
    ];

    /// <summary>Why the daemon is to be started anew; null while it is not.</summary>
    public string? Reason { get; private set; }

    /// <summary>Ends when it is due.</summary>
    public async Task UntilDueAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("INVOCATION_ID") is null)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        var status = board.Current;
        while (Reason is null)
        {
            status = await board.NextAsync(status, cancellationToken);
            Reason = SystemToServe(status) is { } system && _parts.FirstOrDefault(part => part.IsOtherIn(system)) is { } changed
                ? $"{changed.What} has changed{(status.History.Latest is { Phase: DeploymentPhase.OnTrial } ? "; the new one judges this trial" : "")}"
                : null;
        }
    }

    /// <summary>The system whose daemon should run now; null in the middle of anything that a new start would only hold up.</summary>
    internal static Toplevel? SystemToServe(HostStatus status) => status switch
    {
        { Step: HostStep.Hold, History: { Latest.Phase.IsSettled: true, Untold.IsEmpty: true } history } => history.ExpectedSystem,
        { Step: HostStep.Hold { Reason: HoldReason.AwaitingHealth }, History.Latest: { Phase: DeploymentPhase.OnTrial { Activation: not null } } trial } => trial.Toplevel,
        _ => null,
    };

    /// <summary>Something the daemon was started with.</summary>
    /// <param name="What">Its name for people.</param>
    /// <param name="Path">Where it is now.</param>
    /// <param name="InSystem">Where it is in a system.</param>
    private sealed record Part(string What, string Path, string InSystem)
    {
        private readonly string _known = Identity(Path);

        // A switch by hand brings files of its own: with those the daemon would judge, and mend, by settings that nobody confirmed.
        public bool IsOtherIn(Toplevel system) =>
            Identity(Path) is var now && now != _known && (!File.Exists(system.Path + InSystem) || Identity(system.Path + InSystem) == now);

        // In the store a changed file is another file; elsewhere its time and size tell.
        private static string Identity(string path)
        {
            if (!File.Exists(path))
            {
                return "";
            }

            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}";
        }
    }
}
