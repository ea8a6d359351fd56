namespace Reconciler.Tests.Simulation;

/// <summary>The daemon was killed, or the machine lost power, at this very point.</summary>
internal sealed class Crash : Exception
{
    public Crash()
    {
    }

    public Crash(string message)
        : base(message)
    {
    }

    public Crash(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
