using System.Globalization;
using System.Runtime.CompilerServices;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Web.Pages;

namespace Reconciler.Web;

/// <summary>The log of a deployment, as text and as it grows.</summary>
internal static class LogStream
{
    // Lines that come together are sent together, up to this many.
    private const int FlushEvery = 200;

    /// <summary>Sends what is there as text.</summary>
    public static async Task SendAsync(HttpContext context, IDeploymentLogs logs, DeploymentId deployment)
    {
        context.Response.ContentType = SiteAnswer.TextType;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var writer = new StreamWriter(context.Response.Body, bufferSize: 16 * 1024, leaveOpen: true);
        var waiting = 0;
        await foreach (var line in logs.ReadAsync(deployment, follow: false, context.RequestAborted))
        {
            await writer.WriteAsync(LogTail.Clean(line) + "\n");
            if (++waiting % FlushEvery == 0)
            {
                await writer.FlushAsync(context.RequestAborted);
            }
        }
    }

    /// <summary>The lines after one, as they come; a last event says that no more will.</summary>
    public static async IAsyncEnumerable<SiteEvent> FollowAsync(
        IDeploymentLogs logs, DeploymentId deployment, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0L;
        await foreach (var line in logs.ReadAsync(deployment, follow: true, cancellationToken))
        {
            number++;
            if (number > after)
            {
                yield return new SiteEvent("line", number.ToString(CultureInfo.InvariantCulture), LogTail.Clean(line));
            }
        }

        yield return new SiteEvent("end", null, "");
    }
}
