using System.Text.Json;
using System.Text.Json.Nodes;
using FakeGitHub.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace FakeGitHub.Http;

/// <summary>A request as it came in, read whole.</summary>
/// <param name="Path">Escaped as it was sent, without <c>/api/v3</c> and query.</param>
/// <param name="Body">Null when there was none or it was no JSON.</param>
internal sealed record RestRequest(string Method, string Path, IReadOnlyDictionary<string, StringValues> Query, string QueryText, JsonNode? Body, Links Links)
{
    private const int MaxBody = 40 * 1024 * 1024;
    private const string Enterprise = "/api/v3";

    public required string Authorization { get; init; }

    public required string Accept { get; init; }

    public required string UserAgent { get; init; }

    public required string IfNoneMatch { get; init; }

    public required string ApiVersion { get; init; }

    /// <summary>There was a body, and it was no JSON.</summary>
    public bool Garbled { get; init; }

    /// <summary>There was a body, and it was larger than GitHub takes.</summary>
    public bool TooLarge { get; init; }

    public static async Task<RestRequest> ReadAsync(HttpContext context, string address)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = raw.Split('?')[0];
        var enterprise = path.StartsWith(Enterprise, StringComparison.Ordinal);
        using var body = new MemoryStream();
        var whole = await CopyAsync(context.Request.Body, body, context.RequestAborted);
        var (json, garbled) = Parse(body.ToArray());
        var headers = context.Request.Headers;
        return new RestRequest(
            context.Request.Method, Trim(enterprise ? path[Enterprise.Length..] : path), QueryHelpers.ParseQuery(context.Request.QueryString.Value),
            context.Request.QueryString.Value ?? "", json, new Links(enterprise ? address + Enterprise : address, address))
        {
            Authorization = headers.Authorization.ToString(),
            Accept = headers.Accept.ToString(),
            UserAgent = headers.UserAgent.ToString(),
            IfNoneMatch = headers.IfNoneMatch.ToString(),
            ApiVersion = headers["X-GitHub-Api-Version"].ToString(),
            Garbled = garbled,
            TooLarge = !whole,
        };
    }

    private static string Trim(string path) => path.Length == 0 ? "/" : path;

    private static async Task<bool> CopyAsync(Stream from, MemoryStream to, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (to.Length + read > MaxBody)
            {
                return false;
            }

            to.Write(buffer, 0, read);
        }

        return true;
    }

    private static (JsonNode? Body, bool Garbled) Parse(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return (null, false);
        }

        try
        {
            return (JsonNode.Parse(bytes), false);
        }
        catch (JsonException)
        {
            return (null, true);
        }
    }
}
