using System.Globalization;

namespace Reconciler.Adapters.Nix;

/// <summary>What <c>systemctl show</c> says of a unit.</summary>
internal sealed record UnitState
{
    private const int Exited = 1; // CLD_EXITED of waitid(2); 2 and 3 are killed, and killed with a core dump

    public string Load { get; private init; } = "";

    public string Active { get; private init; } = "";

    public string Sub { get; private init; } = "";

    public string Result { get; private init; } = "";

    public int MainCode { get; private init; }

    public int MainStatus { get; private init; }

    public bool HasJob { get; private init; }

    /// <summary>The id of its main process while that runs; otherwise 0.</summary>
    public int MainProcess { get; private init; }

    /// <summary>Whether it is up, or on its way up or down.</summary>
    public bool IsUnderWay => Active is "activating" or "deactivating" or "reloading" or "refreshing" || (Active == "active" && Sub != "exited") || (Active == "inactive" && HasJob);

    /// <summary>Reads <c>Key=value</c> lines in any order; null when there is no load state among them.</summary>
    public static UnitState? Parse(string output)
    {
        var state = new UnitState();
        foreach (var line in output.Split('\n'))
        {
            var value = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim();
            state = line.Split('=', 2)[0] switch
            {
                "LoadState" => state with { Load = value },
                "ActiveState" => state with { Active = value },
                "SubState" => state with { Sub = value },
                "Result" => state with { Result = value },
                "ExecMainCode" => state with { MainCode = Number(value) },
                "ExecMainStatus" => state with { MainStatus = Number(value) },
                "MainPID" => state with { MainProcess = Number(value) },
                "Job" => state with { HasJob = value.Length > 0 && value[0] is >= '1' and <= '9' },
                _ => state,
            };
        }

        return state.Load.Length == 0 ? null : state;
    }

    /// <summary>Reads the state of a unit whose outcome is kept after its end.</summary>
    /// <param name="output">The end of what it wrote, asked for only when it ended.</param>
    public DetachedSighting Sighting(Func<string> output) => this switch
    {
        { IsUnderWay: true } => new DetachedSighting.Running(MainProcess),
        { Active: "inactive", MainCode: 0 } => new DetachedSighting.NotFound(),
        { Result: "timeout" or "watchdog" } => Cut("timeout", output),
        { MainCode: Exited } => new DetachedSighting.Ended(new DetachedEnd.Exited(MainStatus, output())),
        { MainCode: > Exited } => Cut($"signal {MainStatus}", output),
        _ => Cut($"result {Result}", output),
    };

    private static DetachedSighting.Ended Cut(string how, Func<string> output) => new(new DetachedEnd.Cut(how, output()));

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
