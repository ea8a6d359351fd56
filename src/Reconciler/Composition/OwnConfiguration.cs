using Reconciler.Adapters.Processes;
using Reconciler.Configuration;
using Reconciler.Model;

namespace Reconciler.Composition;

/// <summary>Looks whether a system has a Reconciler, and whether that could go on under the configuration the system brings it.</summary>
/// <remarks>Asked of the system's own program, since a newer one may understand settings this one does not.</remarks>
/// <param name="runner">Runs programs.</param>
/// <param name="service">The service this daemon runs as, which the system must have too; null when that does not matter.</param>
/// <param name="store">Where nothing changes that is there; with a slash at its end.</param>
internal sealed class OwnConfiguration(IProcessRunner runner, string? service = null, string store = "/nix/store/", string runningSystem = "/run/current-system")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private (string Program, string File)? _sound;

    /// <summary>What is wrong; null when nothing is.</summary>
    public async Task<string?> TroubleInAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        if (service is not null && HasUnit(runningSystem) && !HasUnit(toplevel.Path))
        {
            return $"This system has no {service}, and so no Reconciler: after it nothing would follow the repository on this host. "
                + "If that is meant, set preflight.allowOwnRemoval and deploy that first.";
        }

        var (program, file) = (toplevel.Path + "/sw/bin/reconciler", toplevel.Path + HostConfiguration.DefaultPath);
        if (!File.Exists(program) || !File.Exists(file))
        {
            return null;
        }

        var inStore = InStore(program, file);
        if (inStore is not null && inStore == _sound)
        {
            return null;
        }

        var outcome = await runner.RunAsync(ProcessRequest.Of(program, "check-config", file) with { Timeout = Patience }, cancellationToken);
        _sound = outcome.IsSuccess ? inStore : _sound;
        return outcome switch
        {
            ProcessOutcome.Exited { Code: 0 } => null,
            ProcessOutcome.Exited e => $"The Reconciler of this system refuses the configuration it would be given:\n{Bounded(e.Output + e.Error)}",
            var trouble => $"The Reconciler of this system does not run: {trouble.Describe("reconciler check-config")}",
        };
    }

    // One that is switched off is a link to /dev/null; one that is gone may be left as a unit that starts nothing, made of what others set in it.
    private bool HasUnit(string system)
    {
        try
        {
            return File.ReadLines($"{system}/etc/systemd/system/{service}").Any(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
    }

    // What lies in the store does not change, so neither does the answer. Null when either lies elsewhere.
    private (string, string)? InStore(string program, string file) =>
        Target(program) is { } ours && Target(file) is { } settings
        && ours.StartsWith(store, StringComparison.Ordinal) && settings.StartsWith(store, StringComparison.Ordinal) ? (ours, settings) : null;

    private static string? Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Bounded(string text) => string.Join('\n', text.Split('\n').Take(10).Select(line => OneLine.Of(line))).TrimEnd();
}
