using System.Collections.Immutable;
using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Health;

/// <summary>Requests to systemctl and journalctl. Arguments only; no output is read here.</summary>
internal static class Systemctl
{
    // Colours, pagers and translated words would change what is read.
    private static readonly ImmutableDictionary<string, string?> Plain = ImmutableDictionary<string, string?>.Empty
        .Add("LC_ALL", "C.UTF-8")
        .Add("SYSTEMD_COLORS", "0")
        .Add("SYSTEMD_URLIFY", "0")
        .Add("SYSTEMD_PAGER", "");

    /// <summary>The states of one unit, as <c>Key=value</c> lines.</summary>
    public static ProcessRequest Show(string unit) =>
        Request("systemctl", "show", "--no-pager", "-p", "LoadState,ActiveState,SubState,Result", "--", unit);

    /// <summary>The states of several units, as blocks of <c>Key=value</c> lines with an empty line between.</summary>
    public static ProcessRequest ShowServices(ImmutableArray<string> units) =>
        Request("systemctl", ["show", "--no-pager", "-p", "Id,ActiveState,SubState,NRestarts,Result", "--", .. units]);

    /// <summary>Units in the failed state, one a line.</summary>
    public static ProcessRequest ListFailed() =>
        Request("systemctl", "list-units", "--failed", "--plain", "--no-legend", "--full", "--no-pager");

    /// <summary>The last journal lines of one unit, oldest first.</summary>
    public static ProcessRequest Journal(string unit, DateTimeOffset since, int lines) =>
        Request("journalctl", $"--unit={unit}", $"--since=@{since.ToUnixTimeSeconds()}", "-n", $"{lines}", "--no-pager", "--quiet", "-o", "short-iso");

    private static ProcessRequest Request(string program, params IEnumerable<string> arguments) =>
        ProcessRequest.Of(program, arguments) with { Environment = Plain };
}
