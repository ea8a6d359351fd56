using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Webhooks;

/// <summary>Puts the endpoint into an application.</summary>
public static class WebhookEndpoints
{
    /// <summary>Maps the receiver to its path, for every method: it answers 405 itself. The caller also runs <see cref="WebhookReceiver.RunAsync"/>.</summary>
    public static IEndpointConventionBuilder MapWebhook(this IEndpointRouteBuilder endpoints, WebhookReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        return endpoints.Map(receiver.Options.Path, (RequestDelegate)receiver.HandleAsync);
    }
}
