using System.Text.Json.Nodes;
using FakeGitHub.Faults;

namespace FakeGitHub.Control;

/// <summary>Reads a fault rule: <c>{"fault": "bad_gateway", "method": "POST", "path": "/repos/*/statuses/*", "times": 2}</c>.</summary>
internal static class FaultJson
{
    private static readonly Dictionary<string, Func<JsonObject, Fault>> _faults = new(StringComparer.Ordinal)
    {
        ["too_many_requests"] = x => new Fault.TooManyRequests(Whole(x, "retry_after") ?? 60),
        ["secondary_limit"] = x => new Fault.SecondaryLimit(Whole(x, "retry_after")),
        ["primary_limit"] = x => new Fault.PrimaryLimit(TimeSpan.FromSeconds(Whole(x, "seconds") ?? 3600)),
        ["bad_gateway"] = _ => new Fault.BadGateway(),
        ["unavailable"] = _ => new Fault.Unavailable(),
        ["drop_before"] = _ => new Fault.DropBefore(),
        ["drop_after"] = _ => new Fault.DropAfter(),
        ["half_answer"] = _ => new Fault.HalfAnswer(),
        ["hang"] = _ => new Fault.Hang(),
        ["slow"] = x => new Fault.Slow(TimeSpan.FromMilliseconds(Whole(x, "milliseconds") ?? 1000)),
        ["bad_credentials"] = _ => new Fault.BadCredentials(),
        ["hidden"] = _ => new Fault.Hidden(),
        ["forbidden"] = _ => new Fault.Forbidden(),
        ["unprocessable"] = x => new Fault.Unprocessable((string?)x["message"] ?? "Validation Failed"),
        ["conflict"] = x => new Fault.Conflict((string?)x["message"] ?? "Conflict"),
        ["accepted"] = x => new Fault.Accepted((string?)x["message"] ?? "Auto-merged main into topic on deployment."),
        ["unknown_enum"] = x => new Fault.UnknownEnum((string?)x["field"] ?? "state"),
        ["login_page"] = _ => new Fault.LoginPage(),
    };

    public static IEnumerable<string> Names => _faults.Keys;

    /// <summary>Null when the fault's name is unknown.</summary>
    public static FaultRule? Read(JsonObject json) => (string?)json["fault"] is { } name && _faults.TryGetValue(name, out var make)
        ? new FaultRule(make(json), (string?)json["method"], (string?)json["path"] ?? "*")
        {
            Times = Whole(json, "times"),
            After = Whole(json, "after") ?? 0,
            Probability = json["probability"] is JsonValue value && value.TryGetValue<double>(out var probability) ? probability : 1,
        }
        : null;

    private static int? Whole(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
