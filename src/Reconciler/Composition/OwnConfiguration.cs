using Reconciler.Adapters.Processes;
using Reconciler.Configuration;
using Reconciler.Model;

namespace Reconciler.Composition;

/// <summary>Looks whether a system's own Reconciler could go on under the configuration that system brings it.</summary>
/// <remarks>Asked of the system's own program, since a newer one may understand settings this one does not.</remarks>
internal sealed class OwnConfiguration(IProcessRunner runner)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong; null when nothing is, or when the system brings no Reconciler.</summary>
    public async Task<string?> TroubleInAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        var (program, file) = (toplevel.Path + "/sw/bin/reconciler", toplevel.Path + HostConfiguration.DefaultPath);
        if (!File.Exists(program) || !File.Exists(file))
        {
            return null;
        }

        return await runner.RunAsync(ProcessRequest.Of(program, "check-config", file) with { Timeout = Patience }, cancellationToken) switch
        {
            ProcessOutcome.Exited { Code: 0 } => null,
            ProcessOutcome.Exited e => $"The Reconciler of this system refuses the configuration it would be given:\n{Bounded(e.Output + e.Error)}",
            var trouble => $"The Reconciler of this system does not run: {trouble.Describe("reconciler check-config")}",
        };
    }

    private static string Bounded(string text) => string.Join('\n', text.Split('\n').Take(10).Select(line => OneLine.Of(line))).TrimEnd();
}
