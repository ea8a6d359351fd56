namespace Reconciler.Tests.Simulation;

/// <summary>A rule that must hold in every life did not.</summary>
internal sealed class BrokenInvariantException : Exception
{
    public BrokenInvariantException()
    {
    }

    public BrokenInvariantException(string message)
        : base(message)
    {
    }

    public BrokenInvariantException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
