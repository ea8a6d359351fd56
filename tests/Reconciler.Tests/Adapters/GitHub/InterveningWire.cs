namespace Reconciler.Tests.Adapters.GitHub;

/// <summary>The network, and somebody who does something of their own right after a request was answered.</summary>
internal sealed class InterveningWire(Action<HttpRequestMessage> afterwards) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        afterwards(request);
        return response;
    }
}
