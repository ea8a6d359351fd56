using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Reconciler.Model;

namespace Reconciler.Tests.Making;

/// <summary>Makes values of any type of the model by reflection, so that a new case of a closed set takes part in the tests by itself.</summary>
internal static class EveryCase
{
    /// <summary>Values that together hold each case of each closed set within the type, each enum value, null where allowed, full and empty lists.</summary>
    public static IReadOnlyList<T> Of<T>() => [.. Of(typeof(T)).Cast<T>()];

    private static IEnumerable<object?> Of(Type type)
    {
        if (type == typeof(string))
        {
            return ["", "plain", "quote \" back\\slash\n\ttab \u0001 é € 𝄞 </script>"];
        }

        if (type == typeof(int))
        {
            return [0, 7, int.MaxValue, -3];
        }

        if (type == typeof(long))
        {
            return [0L, 42L, long.MaxValue, -3L];
        }

        if (type == typeof(bool))
        {
            return [true, false];
        }

        if (type == typeof(TimeSpan))
        {
            return [TimeSpan.Zero, TimeSpan.FromMicroseconds(1234567)];
        }

        if (type == typeof(DateTimeOffset))
        {
            return [new DateTimeOffset(2026, 1, 31, 12, 0, 0, 7, TimeSpan.Zero), DateTimeOffset.UnixEpoch];
        }

        if (type == typeof(Revision))
        {
            return [new Revision(new string('a', 40)), new Revision(new string('b', 64))];
        }

        if (type == typeof(Toplevel))
        {
            return [new Toplevel("/nix/store/00000000000000000000000000000000-nixos-system-web1-1"), new Toplevel("/nix/store/x")];
        }

        if (type == typeof(DeploymentId))
        {
            return [new DeploymentId(3)];
        }

        if (type == typeof(Uri))
        {
            return [new Uri("https://git.example.org/acme/infra/pull/7?a=b#c")];
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).Cast<object?>();
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return [null, .. Of(inner)];
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            return Lists(type.GetGenericArguments()[0]);
        }

        if (type.IsAbstract)
        {
            return type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(t => t.IsSubclassOf(type)).SelectMany(Of);
        }

        return Records(type);
    }

    private static IEnumerable<object?> Lists(Type item)
    {
        var all = Of(item).ToList();
        var full = Array.CreateInstance(item, all.Count);
        for (var i = 0; i < all.Count; i++)
        {
            full.SetValue(all[i], i);
        }

        var make = typeof(ImmutableArray).GetMethods().Single(m => m.Name == "Create" && m.GetParameters() is [{ ParameterType.IsArray: true }]).MakeGenericMethod(item);
        return [make.Invoke(null, [full]), make.Invoke(null, [Array.CreateInstance(item, 0)])];
    }

    // As many values as the parameter with the most has; the others are gone through in turn.
    private static IEnumerable<object?> Records(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).OrderByDescending(c => c.GetParameters().Length).First();
        var parameters = constructor.GetParameters();
        var nullability = new NullabilityInfoContext();
        var choices = parameters
            .Select(p => (List<object?>)[.. Of(p.ParameterType), .. !p.ParameterType.IsValueType && nullability.Create(p).ReadState == NullabilityState.Nullable ? [null] : Array.Empty<object?>()])
            .ToList();
        var settable = type.GetProperties().Where(p => p.SetMethod is not null && parameters.Length == 0).ToList();
        var settings = settable.Select(p => Of(p.PropertyType).ToList()).ToList();
        var count = choices.Concat(settings).Select(c => c.Count).DefaultIfEmpty(1).Max();
        for (var i = 0; i < count; i++)
        {
            var made = constructor.Invoke([.. choices.Select(c => c[i % c.Count])]);
            for (var s = 0; s < settable.Count; s++)
            {
                settable[s].SetValue(made, settings[s][i % settings[s].Count]);
            }

            yield return made;
        }
    }
}

/// <summary>Writes a value out in full, with the items of its lists: two values are equal when their texts are.</summary>
internal static class InFull
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string s => $"\"{s}\"",
        DateTimeOffset t => t.ToString("O"),
        Revision r => r.Sha,
        Toplevel or DeploymentId or TimeSpan or Uri => value.ToString()!,
        _ when value.GetType().IsPrimitive || value.GetType().IsEnum => value.ToString()!,
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        _ => $"{value.GetType().Name}({string.Join(", ", value.GetType().GetProperties().Where(p => p.GetMethod is { IsStatic: false }).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={Of(p.GetValue(value))}"))})",
    };
}
