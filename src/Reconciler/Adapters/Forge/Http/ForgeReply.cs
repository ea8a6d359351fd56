using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Reconciler.Adapters.Forge.Http;

/// <summary>An answer of a forge.</summary>
/// <param name="Forge">Its name for people.</param>
/// <param name="Status">The status.</param>
/// <param name="Body">What it sent, whole.</param>
/// <param name="Link">The Link header, which tells whether there are more pages; null when it sent none.</param>
internal sealed record ForgeReply(string Forge, HttpStatusCode Status, byte[] Body, string? Link)
{
    private const int LongestMessage = 300;

    /// <summary>Whether it did what it was asked.</summary>
    public bool IsWell => (int)Status is >= 200 and < 300;

    /// <summary>Reads it.</summary>
    /// <exception cref="ForgeTroubleException">It is not what the API documents.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw ForgeTroubleException.Later($"{Forge} sent an answer that is not what its API documents: look at the address of the API, and at proxies");
        }
    }

    /// <summary>What it said was wrong, in one line; empty when it said nothing. Other people's words.</summary>
    public string Message
    {
        get
        {
            try
            {
                // GitLab's message may be a text, a list or an object of lists.
                var error = JsonSerializer.Deserialize(Body, ForgeErrorJson.Default.ForgeError);
                var said = error?.Message is { ValueKind: not JsonValueKind.Undefined and not JsonValueKind.Null } message
                    ? message.ValueKind == JsonValueKind.String ? message.GetString() : message.GetRawText()
                    : error?.Error;
                return PlainText.Line(said, LongestMessage);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // The second for text that holds half a surrogate pair, which shows only when it is read.
                return "";
            }
        }
    }
}

/// <summary>How both Gitea and GitLab tell what is wrong.</summary>
internal sealed record ForgeError(JsonElement Message, string? Error);

/// <summary>Reads complaints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ForgeError))]
internal sealed partial class ForgeErrorJson : JsonSerializerContext;
