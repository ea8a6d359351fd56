using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>Looks whether services that were started stay up.</summary>
internal sealed class ServicesProbe(IProcessRunner processes)
{
    private const int MostUnits = 100;
    private const int MostBlamed = 10;

    // Once may be a service that waits for another; twice is a loop.
    private const int RestartsAllowed = 1;

    /// <summary>Looks once.</summary>
    public async Task<Sighting> LookAsync(HealthCheck.ServicesStayUp check, CancellationToken cancellationToken)
    {
        var units = check.Units.Where(UnitName.IsValid).Take(MostUnits).ToImmutableArray();
        if (units.IsEmpty)
        {
            return Sighting.Good("no service was started");
        }

        return await processes.RunAsync(Systemctl.ShowServices(units) with { Timeout = check.Timeout }, cancellationToken) switch
        {
            ProcessOutcome.Exited { Code: 0 } exited => Read(exited.Output),
            ProcessOutcome.TimedOut => Sighting.NoAnswer(check.Timeout),
            var trouble => Sighting.Bad($"the state of the services cannot be read: {trouble.Describe("systemctl")}"),
        };
    }

    /// <summary>Judges what <c>systemctl show</c> wrote: one block a unit.</summary>
    internal static Sighting Read(string output)
    {
        if (!output.Contains("Id=", StringComparison.Ordinal))
        {
            return Sighting.Bad("the state of the services cannot be read: systemctl did not tell it");
        }

        var down = output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Trouble).OfType<(string Unit, string What)>().ToList();
        return down.Count == 0
            ? Sighting.Good("the services that were started stay up")
            : Sighting.Bad(string.Join("; ", down.Take(MostBlamed).Select(trouble => trouble.What))) with
            {
                Units = [.. down.Take(MostBlamed).Select(trouble => trouble.Unit)],
            };
    }

    private static (string Unit, string What)? Trouble(string block)
    {
        var states = block.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1].Trim());
        string State(string key) => states[key].FirstOrDefault() ?? "";
        var unit = State("Id");
        var restarts = int.TryParse(State("NRestarts"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        return (State("ActiveState"), State("SubState")) switch
        {
            ("failed", _) => (unit, $"{unit} has failed ({State("Result")})"),
            ("activating", var sub) when restarts > RestartsAllowed && sub.StartsWith("auto-restart", StringComparison.Ordinal) =>
                (unit, $"{unit} keeps ending and was restarted {restarts} times"),
            _ when restarts > RestartsAllowed => (unit, $"{unit} was restarted {restarts} times since it was started"),
            _ => null,
        };
    }
}
