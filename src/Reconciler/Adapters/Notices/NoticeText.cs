using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reconciler.Model;

namespace Reconciler.Adapters.Notices;

/// <summary>What is sent to each kind of channel.</summary>
internal static partial class NoticeText
{
    private const int LongestLine = 300;

    /// <summary>The first line, such as <c>web1: commit 82f3e9c was rolled back: …</c>.</summary>
    public static string Title(HostName host, ForgeMessage.Notice notice) => $"{host}: {OneLine.Of(notice.Headline, LongestLine)}";

    /// <summary>All of it in words: the first line, what to do, and where the story is.</summary>
    public static string Words(HostName host, ForgeMessage.Notice notice)
    {
        var text = new StringBuilder(Title(host, notice));
        if (notice.Cure.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{OneLine.Of(notice.Cure, LongestLine)}");
        }

        if (notice.Deployment is { } deployment)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nreconciler show {deployment}");
        }

        return text.ToString();
    }

    /// <summary>For a program: everything by name.</summary>
    public static byte[] Webhook(HostName host, ForgeMessage.Notice notice, long number, DateTimeOffset at) => Json(json =>
    {
        json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"{host}-{number}"));
        json.WriteString("host", host.ToString());
        json.WriteString("event", Word(notice.Kind));
        json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        if (notice.Deployment is { } deployment)
        {
            json.WriteNumber("deployment", deployment.Position);
        }

        if (notice.Commit is { } commit)
        {
            json.WriteString("commit", commit.Sha);
        }

        json.WriteString("headline", OneLine.Of(notice.Headline, LongestLine));
        json.WriteString("cure", OneLine.Of(notice.Cure, LongestLine));
        json.WriteString("text", Words(host, notice));
    });

    /// <summary>Slack's incoming webhooks. Its marks, and Mattermost's, are taken out of the text, so that nothing in it calls a whole channel.</summary>
    public static byte[] Slack(HostName host, ForgeMessage.Notice notice) => Json(json => json.WriteString("text", Mention().Replace(Words(host, notice), "@ ")
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)));

    /// <summary>A room's message of Matrix, without markup. It says that it mentions nobody, or <c>@room</c> in the text would call everybody (MSC3952).</summary>
    public static byte[] Matrix(HostName host, ForgeMessage.Notice notice) => Json(json =>
    {
        json.WriteString("msgtype", notice.Kind is NoticeKind.Recovered ? "m.notice" : "m.text");
        json.WriteString("body", Words(host, notice));
        json.WriteStartObject("m.mentions");
        json.WriteEndObject();
    });

    /// <summary>ntfy's publishing by JSON.</summary>
    /// <param name="host">The host.</param>
    /// <param name="notice">What to say.</param>
    /// <param name="topic">The topic.</param>
    public static byte[] Ntfy(HostName host, ForgeMessage.Notice notice, string topic) => Json(json =>
    {
        json.WriteString("topic", topic);
        json.WriteString("title", Title(host, notice));
        json.WriteString("message", notice.Cure.Length > 0 ? OneLine.Of(notice.Cure, LongestLine) : "Nothing to do.");
        json.WriteNumber("priority", notice.Kind switch { NoticeKind.NeedsOperator => 5, NoticeKind.Recovered => 2, _ => 4 });
        json.WriteStartArray("tags");
        json.WriteStringValue(notice.Kind switch { NoticeKind.NeedsOperator => "rotating_light", NoticeKind.Recovered => "white_check_mark", NoticeKind.Held => "hourglass", _ => "warning" });
        json.WriteEndArray();
    });

    private static string Word(NoticeKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    [GeneratedRegex("(?<![A-Za-z0-9_./-])@(?=[A-Za-z0-9_])", RegexOptions.CultureInvariant)]
    private static partial Regex Mention();
}
