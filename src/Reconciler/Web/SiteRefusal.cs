namespace Reconciler.Web;

/// <summary>A request of the status page that cannot be served as it is, with the answer to give.</summary>
internal sealed class SiteRefusal : Exception
{
    public SiteRefusal()
    {
    }

    public SiteRefusal(string message)
        : base(message)
    {
    }

    public SiteRefusal(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The status code.</summary>
    public int Code { get; init; } = StatusCodes.Status400BadRequest;
}
