namespace Webhooks;

/// <summary>How a request ended. The names appear in status and logs.</summary>
public enum WebhookOutcome
{
    /// <summary>Heard, and handed on.</summary>
    Accepted,

    /// <summary>Its delivery id was heard before; nothing was done.</summary>
    AlreadyHeard,

    /// <summary>Genuine, but of an event or action nobody here needs.</summary>
    Ignored,

    /// <summary>Not a POST.</summary>
    WrongMethod,

    /// <summary>Too many requests from this source.</summary>
    SourceTooFast,

    /// <summary>Too many requests altogether.</summary>
    AllTooFast,

    /// <summary>The body is larger than allowed.</summary>
    TooLarge,

    /// <summary>The body did not arrive in time.</summary>
    TooSlow,

    /// <summary>There is no secret to check with, or none that can be used.</summary>
    NoSecret,

    /// <summary>No signature, or not one of the expected form.</summary>
    SignatureMissing,

    /// <summary>The signature is not of a secret we know.</summary>
    SignatureWrong,

    /// <summary>Rightly signed, but too long ago or in the future.</summary>
    Stale,

    /// <summary>Genuine, but without a usable delivery id.</summary>
    NoDeliveryId,

    /// <summary>Genuine, but the body is not what the event promises; or the request is not well-formed HTTP.</summary>
    Nonsense,

    /// <summary>The queue is full.</summary>
    QueueFull,

    /// <summary>Too many bodies are being received at once.</summary>
    Busy,

    /// <summary>The sender went away before the body was complete.</summary>
    Disconnected,

    /// <summary>A bug here: an exception nobody expected.</summary>
    Broken,
}
