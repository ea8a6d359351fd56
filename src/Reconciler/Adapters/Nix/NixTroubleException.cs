namespace Reconciler.Adapters.Nix;

/// <summary>A program of Nix did not do what was asked: ends what was begun, and never leaves this adapter.</summary>
internal sealed class NixTroubleException : Exception
{
    public NixTroubleException()
    {
    }

    public NixTroubleException(string message)
        : base(message)
    {
    }

    public NixTroubleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Which program.</summary>
    public string Program { get; init; } = "nix-store";
}
