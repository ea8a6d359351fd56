using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Webhooks;

/// <summary>What a sender is told.</summary>
/// <param name="Outcome">How the request ended.</param>
/// <param name="RetryAfter">When it is worth trying again; null when it is not.</param>
internal readonly record struct WebhookAnswer(WebhookOutcome Outcome, TimeSpan? RetryAfter = null)
{
    /// <summary>The HTTP status.</summary>
    public int Status => Outcome switch
    {
        WebhookOutcome.Accepted or WebhookOutcome.AlreadyHeard or WebhookOutcome.Ignored => StatusCodes.Status202Accepted,
        WebhookOutcome.WrongMethod => StatusCodes.Status405MethodNotAllowed,
        WebhookOutcome.SourceTooFast or WebhookOutcome.AllTooFast => StatusCodes.Status429TooManyRequests,
        WebhookOutcome.TooLarge => StatusCodes.Status413PayloadTooLarge,
        WebhookOutcome.TooSlow => StatusCodes.Status408RequestTimeout,
        WebhookOutcome.SignatureMissing => StatusCodes.Status401Unauthorized,
        WebhookOutcome.SignatureWrong or WebhookOutcome.Stale => StatusCodes.Status403Forbidden,
        WebhookOutcome.NoDeliveryId or WebhookOutcome.Nonsense or WebhookOutcome.Disconnected => StatusCodes.Status400BadRequest,
        WebhookOutcome.NoSecret or WebhookOutcome.QueueFull or WebhookOutcome.Busy => StatusCodes.Status503ServiceUnavailable,
        WebhookOutcome.Broken => StatusCodes.Status500InternalServerError,
        _ => throw new UnreachableException(),
    };

    /// <summary>One line for who reads the forge's list of deliveries. Says nothing an attacker could use.</summary>
    public string Text => Outcome switch
    {
        WebhookOutcome.Accepted => "heard",
        WebhookOutcome.AlreadyHeard => "already heard",
        WebhookOutcome.Ignored => "ignored: this event is not needed",
        WebhookOutcome.WrongMethod => "only POST is understood here",
        WebhookOutcome.SourceTooFast or WebhookOutcome.AllTooFast => "too many requests",
        WebhookOutcome.TooLarge => "the body is too large",
        WebhookOutcome.TooSlow => "the body did not arrive in time",
        WebhookOutcome.NoSecret => "no secret can be read on this host; see its log",
        WebhookOutcome.SignatureMissing => "a signature is needed: set a secret at the sender, and check that the provider configured here is the one that sends",
        WebhookOutcome.SignatureWrong => "the signature does not match: sender and receiver have different secrets",
        WebhookOutcome.Stale => "signed too long ago or in the future: check both clocks",
        WebhookOutcome.NoDeliveryId => "a delivery id is needed",
        WebhookOutcome.Nonsense or WebhookOutcome.Disconnected => "the body is not what this event promises",
        WebhookOutcome.QueueFull or WebhookOutcome.Busy => "too much is waiting; send it again later",
        WebhookOutcome.Broken => "an error on this host; see its log",
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether the request was turned away.</summary>
    public bool IsRefusal => Outcome is not (WebhookOutcome.Accepted or WebhookOutcome.AlreadyHeard or WebhookOutcome.Ignored);
}
