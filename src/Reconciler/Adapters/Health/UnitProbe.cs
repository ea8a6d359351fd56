using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>Looks whether a systemd unit is active.</summary>
internal sealed class UnitProbe(IProcessRunner processes)
{
    /// <summary>Looks once. A unit that is still starting does not hold yet: the gate decides how long to wait for it.</summary>
    public async Task<Sighting> LookAsync(HealthCheck.UnitIsActive check, CancellationToken cancellationToken)
    {
        if (!UnitName.IsValid(check.Unit))
        {
            return Sighting.Bad($"'{check.Unit}' is not the name of one unit");
        }

        var outcome = await processes.RunAsync(Systemctl.Show(check.Unit) with { Timeout = check.Timeout }, cancellationToken);
        var seen = outcome switch
        {
            ProcessOutcome.Exited { Code: 0 } exited => Read(check.Unit, exited.Output),
            ProcessOutcome.TimedOut => Sighting.NoAnswer(check.Timeout),
            _ => Sighting.Bad($"the state of {check.Unit} cannot be read: {outcome.Describe("systemctl")}"),
        };
        return seen.Holds ? seen : seen with { Units = [check.Unit] };
    }

    /// <summary>Judges what <c>systemctl show</c> wrote.</summary>
    internal static Sighting Read(string unit, string output)
    {
        var states = output.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1].Trim());
        string State(string key) => states[key].FirstOrDefault() ?? "";
        var (load, active, sub, result) = (State("LoadState"), State("ActiveState"), State("SubState"), State("Result"));
        var lastRun = result is "" or "success" ? "" : $"; its last run ended with {result}";
        return (load, active) switch
        {
            (_, "active" or "reloading" or "refreshing") => Sighting.Good($"{unit} is {active} ({sub})"),
            ("not-found", _) => Sighting.Bad($"{unit} does not exist, wanted active"),
            ("masked", _) => Sighting.Bad($"{unit} is masked, wanted active"),
            (not "loaded", _) when load.Length > 0 => Sighting.Bad($"{unit} cannot be loaded ({load}), wanted active"),
            (_, "activating") when sub.StartsWith("auto-restart", StringComparison.Ordinal) =>
                Sighting.Bad($"{unit} waits to be restarted automatically{lastRun}, wanted active"),
            (_, "activating") => Sighting.Bad($"{unit} is still starting ({sub}){lastRun}, wanted active"),
            (_, "failed") => Sighting.Bad($"{unit} has failed ({(result is "" or "success" ? sub : result)}), wanted active"),
            (_, "deactivating") => Sighting.Bad($"{unit} is stopping ({sub}), wanted active"),
            (_, "") => Sighting.Bad($"the state of {unit} cannot be read: systemctl did not tell it"),
            _ => Sighting.Bad($"{unit} is {active} ({sub}){lastRun}, wanted active"),
        };
    }
}
