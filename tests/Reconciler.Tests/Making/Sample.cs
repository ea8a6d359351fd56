using System.Collections.Immutable;
using System.Reflection;
using Reconciler.Model;

namespace Reconciler.Tests.Making;

/// <summary>Makes readable values of the model by reflection, for documents: a text is its own name in angle quotes, so that a sentence shows what it is filled with.</summary>
/// <remarks><see cref="EveryCase"/> makes hostile values, for tests; these are for people.</remarks>
internal static class Sample
{
    /// <summary>Values of one case of a closed set: the first plain, then one more for each other choice a parameter leaves, such as null.</summary>
    public static IEnumerable<object> Of(Type type) => Made(type, type.Name).Cast<object>();

    // The first is the plain one.
    private static List<object?> Made(Type type, string name) => type switch
    {
        _ when type == typeof(string) => [$"‹{Words(name)}›"],
        _ when type == typeof(int) => [2],
        _ when type == typeof(bool) => [true, false],
        _ when type == typeof(long) => [name.StartsWith("Needed", StringComparison.Ordinal) ? 1L << 30 : 200L << 20],
        _ when type == typeof(TimeSpan) => [TimeSpan.FromHours(2)],
        _ when type == typeof(DateTimeOffset) => [A.Start],
        _ when type == typeof(Revision) => [A.Revision(name is "Confirmed" or "Newer" or "By" ? "r2" : "r1")],
        _ when type == typeof(Toplevel) => [A.Toplevel(name is "Running" ? "new" : "old")],
        _ when type == typeof(DeploymentId) => [new DeploymentId(7)],
        _ when type == typeof(Actor) => [Actor.Operator("ada")],
        _ when type == typeof(ProbeResult) => [A.ProbeResult(passed: false)],
        _ when name == "AnywayAt" => [null, A.Start],
        _ when type.IsEnum => [.. Enum.GetValues(type).Cast<object?>()],
        _ when Nullable.GetUnderlyingType(type) is { } inner => [.. Made(inner, name), null],
        _ when type == typeof(ImmutableArray<string>) => [ImmutableArray.Create($"‹{Words(name)}›")],
        _ when type == typeof(ImmutableArray<RebootInhibitor>) => [ImmutableArray.Create(new RebootInhibitor("‹who›", "‹why›"), new RebootInhibitor("‹another›", ""))],
        _ when type == typeof(ImmutableArray<ProbeResult>) => [ImmutableArray.Create(A.ProbeResult(passed: false)), ImmutableArray<ProbeResult>.Empty],
        _ when type == typeof(Failure) && name == "BackingOff.Cause" => [new Failure.BuildInterrupted(WorldTrouble.Network, "")],
        _ when type == typeof(Failure) => [new Failure.Unhealthy([A.ProbeResult(passed: false)])],
        _ when type == typeof(ActivationOutcome) => [new ActivationOutcome.Succeeded()],
        _ => Records(type),
    };

    private static List<object?> Records(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var nullability = new NullabilityInfoContext();
        var choices = constructor.GetParameters().Select(parameter => (List<object?>)
        [
            .. Made(parameter.ParameterType, parameter.ParameterType == typeof(Failure) ? $"{type.Name}.{parameter.Name}" : parameter.Name!),
            .. !parameter.ParameterType.IsValueType && nullability.Create(parameter).ReadState == NullabilityState.Nullable ? [null] : Array.Empty<object?>(),
            .. parameter.ParameterType == typeof(string) && parameter.Name == "Why" ? [""] : Array.Empty<object?>(),
        ]).ToList();

        var plain = choices.Select(choice => choice[0]).ToArray();
        List<object?> made = [constructor.Invoke(plain)];
        foreach (var (place, choice) in choices.Index())
        {
            made.AddRange(choice.Skip(1).Select(other =>
            {
                object?[] parts = [.. plain];
                parts[place] = other;
                return constructor.Invoke(parts);
            }));
        }

        return made;
    }

    private static string Words(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(letter) : letter.ToString()));
}
