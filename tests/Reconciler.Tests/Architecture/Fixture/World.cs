namespace Reconciler.Tests.Architecture.Fixture.World;

internal class Door
{
    public static void Open()
    {
    }

    public static T Pass<T>(T it) => it;
}

internal sealed class DoorException : Exception
{
    public DoorException()
    {
    }

    public DoorException(string message)
        : base(message)
    {
    }

    public DoorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class BehindAttribute(Type? door) : Attribute
{
    public Type? Door => door;
}
