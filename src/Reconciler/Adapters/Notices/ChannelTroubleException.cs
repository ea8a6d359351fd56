namespace Reconciler.Adapters.Notices;

/// <summary>A channel cannot be used as it is configured; the message names cause and cure, and no secret.</summary>
internal sealed class ChannelTroubleException : Exception
{
    public ChannelTroubleException()
    {
    }

    public ChannelTroubleException(string message)
        : base(message)
    {
    }

    public ChannelTroubleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
