using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>Reads what logind answers over busctl: <c>{"type":"a(…)","data":[[[…],…]]}</c>. Trouble is null.</summary>
internal static class LoginAnswers
{
    private const int Most = 20;

    /// <summary>Who blocks a shutdown. One that only asks for some time (<c>delay</c>) is no obstacle: systemd gives it that.</summary>
    public static ImmutableArray<RebootInhibitor>? Inhibitors(string json) => Rows(json, row => row is [{ } what, { } who, { } why, { } mode, ..]
        && what.Split(':').Contains("shutdown") && mode is "block" or "block-weak"
            ? new RebootInhibitor(BootText.Line(who, 80), BootText.Line(why, 120))
            : null);

    /// <summary>The ids of sessions.</summary>
    public static ImmutableArray<string>? Sessions(string json) => Rows(json, row => row is [{ Length: > 0 } id, ..] ? id : null);

    /// <summary>The names of those who are logged in, of what <c>loginctl show-session</c> says of each session.</summary>
    public static ImmutableArray<string> Users(string shown) =>
    [
        .. shown.Split("\n\n")
            .Select(session => session.Split('\n'))
            .Where(lines => lines.Any(line => line is "Class=user" or "Class=user-early" or "Class=user-light"))
            .Select(lines => lines.FirstOrDefault(line => line.StartsWith("Name=", StringComparison.Ordinal)))
            .OfType<string>().Select(line => BootText.Line(line["Name=".Length..], 40)).Where(name => name.Length > 0).Distinct().Take(Most),
    ];

    private static ImmutableArray<T>? Rows<T>(string json, Func<string?[], T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return
            [
                .. document.RootElement.GetProperty("data")[0].EnumerateArray()
                    .Select(row => read([.. row.EnumerateArray().Select(field => field.ValueKind == JsonValueKind.String ? field.GetString() : "")]))
                    .OfType<T>().Take(Most),
            ];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
