using Reconciler.Ports;

namespace Reconciler.Adapters.Forge.Http;

/// <summary>A request came to nothing. Ends at the adapter's rim, where it becomes the answer it carries.</summary>
internal sealed class ForgeTroubleException : Exception
{
    public ForgeTroubleException()
        : this("something is wrong")
    {
    }

    public ForgeTroubleException(string message)
        : base(message) => Answer = new ForgeAnswer.Later(message, null);

    public ForgeTroubleException(string message, Exception innerException)
        : base(message, innerException) => Answer = new ForgeAnswer.Later(message, null);

    /// <summary>What the caller of the port is told.</summary>
    public ForgeAnswer Answer { get; private init; }

    /// <summary>It may work later.</summary>
    public static ForgeTroubleException Later(string detail, DateTimeOffset? notBefore = null) =>
        new(detail) { Answer = new ForgeAnswer.Later(detail, notBefore) };

    /// <summary>It will never work as it is.</summary>
    public static ForgeTroubleException Refused(string reason) => new(reason) { Answer = new ForgeAnswer.Refused(reason) };
}
