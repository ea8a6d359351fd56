using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;
using Reconciler.History;
using Reconciler.Ports;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>Answers of the status page: each whole, with a strong tag, so that what a browser has already is not sent again.</summary>
internal static class SiteAnswer
{
    /// <summary>Content type of pages.</summary>
    public const string HtmlType = "text/html; charset=utf-8";

    /// <summary>Content type of documents.</summary>
    public const string JsonType = "application/json; charset=utf-8";

    /// <summary>Content type of texts.</summary>
    public const string TextType = "text/plain; charset=utf-8";

    private const int TagBytes = 16;

    /// <summary>Sends a document.</summary>
    public static Task JsonAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type) =>
        SendAsync(context, JsonSerializer.SerializeToUtf8Bytes(document, type), JsonType);

    /// <summary>Sends bytes, or only that they are the same as before.</summary>
    public static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body, string type)
    {
        var tag = new EntityTagHeaderValue($"\"{TagOf(body.Span)}\"");
        context.Response.Headers.ETag = tag.ToString();
        if (context.Response.Headers.CacheControl.Count == 0)
        {
            context.Response.Headers.CacheControl = "no-cache";
        }

        if (context.Response.StatusCode == StatusCodes.Status200OK && Has(context.Request, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>Says why a request is not served.</summary>
    public static async Task RefuseAsync(HttpContext context, int code, string message)
    {
        context.Response.StatusCode = code;
        context.Response.Headers.CacheControl = "no-store";
        await (context.Request.Path.StartsWithSegments(SiteRoutes.Api)
            ? JsonAsync(context, new ErrorDocument(message), WireJson.Default.ErrorDocument)
            : SendAsync(context, Encoding.UTF8.GetBytes(message + "\n"), TextType));
    }

    /// <summary>Turns what a route throws into an answer that names cause and cure.</summary>
    public static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var (code, message) = e switch
            {
                SiteRefusal refusal => (refusal.Code, e.Message),
                BadHttpRequestException bad => (bad.StatusCode, $"The request is not understood: {bad.Message}"),
                LedgerUnavailableException or IOException => (StatusCodes.Status503ServiceUnavailable, e.Message),
                InvalidLedgerException => (StatusCodes.Status500InternalServerError, $"The ledger cannot be understood: {e.Message}"),
                _ => (StatusCodes.Status500InternalServerError, $"The daemon met an error of its own ({e.GetType().Name}). Its log has more."),
            };
            await RefuseAsync(context, code, message);
        }
    }

    /// <summary>The tag of a content: 32 digits of its SHA-256.</summary>
    public static string TagOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Convert.ToHexStringLower(hash[..TagBytes]);
    }

    // Weak comparison, as RFC 9110 asks for If-None-Match: a proxy that compresses makes tags weak.
    private static bool Has(HttpRequest request, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known) && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
}
