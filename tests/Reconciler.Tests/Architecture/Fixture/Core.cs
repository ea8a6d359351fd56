// Each class names World once, in a way of its own, and without a using directive. They are read by LayerTests and never run.
#pragma warning disable CA1801, CA1823, CA2211, CA1051, IDE0060, CS0169, CS0649 // members exist to be read from metadata

namespace Reconciler.Tests.Architecture.Fixture.Core;

internal static class CallsInBody
{
    public static void Go() => World.Door.Open();
}

internal static class CallsInLambda
{
    public static Action Go() => () => World.Door.Open();
}

internal static class CallsInAsyncBody
{
    public static async Task GoAsync()
    {
        await Task.Yield();
        World.Door.Open();
    }
}

internal static class AsksForTypeInBody
{
    public static object Go() => typeof(World.Door);
}

internal static class CatchesInBody
{
    public static void Go(Action action)
    {
        try
        {
            action();
        }
        catch (World.DoorException)
        {
        }
    }
}

internal static class CallsGenericInBody
{
    public static object Go() => Array.Empty<World.Door>();
}

internal sealed class HasField
{
    public object? Other;
    private readonly World.Door? _door;
}

internal sealed class HasGenericField
{
    private readonly List<World.Door[]>? _doors;
}

internal static class TakesParameter
{
    public static void Go(World.Door door)
    {
    }
}

internal static class ReturnsArray
{
    public static World.Door[]? Go() => null;
}

internal sealed class IsDerived : World.Door;

internal sealed class IsConstrained<T>
    where T : World.Door;

[World.Behind(null)]
internal sealed class HasAttribute;

[System.ComponentModel.TypeConverter(typeof(World.Door))]
internal sealed class HasTypeInAttribute;
