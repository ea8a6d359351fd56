using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;

namespace Reconciler.Composition;

/// <summary>
/// Ends the daemon when a confirmed system brings it another configuration or another program, so that systemd starts it with them. Switches
/// leave its unit alone, since it is the daemon that drives them; so it has to see to this itself. Without systemd it never does.
/// </summary>
internal sealed class SelfRenewal(string? configurationFile, IStatusBoard board)
{
    private const string Program = "/run/current-system/sw/bin/reconciler";
    private readonly string _configuration = Identity(configurationFile);
    private readonly string _program = Identity(Program);

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
            Reason = IsSettled(status) ? Change(status.History.ExpectedSystem) : null;
        }
    }

    private static bool IsSettled(HostStatus status) => status is
    {
        Step: HostStep.Hold,
        History: { Latest.Phase: DeploymentPhase.Confirmed, Untold.IsEmpty: true },
    };

    private string? Change(Toplevel? confirmed) =>
        IsOther(configurationFile, _configuration, confirmed?.Path + configurationFile) ? $"The configuration {configurationFile} has changed"
        : IsOther(Program, _program, confirmed?.Path + "/sw/bin/reconciler") ? "The program has changed"
        : null;

    // A switch by hand brings files of its own: with those the daemon would judge, and mend, by settings that nobody confirmed.
    private static bool IsOther(string? path, string known, string confirmed) =>
        Identity(path) is var now && now != known && (!File.Exists(confirmed) || Identity(confirmed) == now);

    // In the store a changed file is another file; elsewhere its time and size tell.
    private static string Identity(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return "";
        }

        var file = new FileInfo(path);
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}";
    }
}
