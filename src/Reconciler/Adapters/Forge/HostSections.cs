using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>Joins the parts several hosts write into one text, each between hidden markers of its own.</summary>
internal static class HostSections
{
    private const string AnyBegin = "<!-- reconciler:host=";
    private const string AnyEnd = "<!-- /reconciler:host=";
    private const string Note = "*Shortened to fit. The revert commit's message has all of it.*";
    private const string Intro =
        "Hosts that follow this branch tried a commit and went back to the system they ran before. Each tells below what it saw there. "
        + "What you write outside of these parts is kept when another host adds its own.";

    /// <summary>The line a host's section begins with.</summary>
    public static string Begin(HostName host) => $"{AnyBegin}{host} -->";

    /// <summary>The line a host's section ends with.</summary>
    public static string End(HostName host) => $"{AnyEnd}{host} -->";

    /// <summary>
    /// Where a host's section is, markers included; null when there is none. A marker counts only as a line of its own. Where a person took the end
    /// of a section away, the section is its first line alone, so that nothing a person wrote is lost.
    /// </summary>
    public static Range? Find(string body, HostName host)
    {
        Range? first = null;
        foreach (var line in Lines(body))
        {
            var text = body.AsSpan()[line].Trim();
            if (first is { } begin && text.SequenceEqual(End(host)))
            {
                return begin.Start..line.End;
            }

            if (text.StartsWith(AnyBegin, StringComparison.Ordinal) && first is not null)
            {
                return first;
            }

            first ??= text.SequenceEqual(Begin(host)) ? line : null;
        }

        return first;
    }

    /// <summary>The text with the host's section in it; the text as it was when there is no room left.</summary>
    public static string Join(string? existing, HostName host, string section)
    {
        var body = string.IsNullOrWhiteSpace(existing) ? Intro : existing;
        var (before, own, after) = Find(body, host) is { } range
            ? (body[..range.Start], body[range], body[range.End..])
            : Insertion(body) is var place ? (body[..place].TrimEnd() + "\n\n", "", Gap(body[place..])) : default;
        var room = Markdown.LongestBody - before.Length - after.Length;
        return Shorten(section, host, Math.Min(room, Share(room, own.Length))) is { } fitting ? before + fitting + after : body;
    }

    /// <summary>The section made at most <paramref name="limit"/> characters long: logs go first, then what is folded, then the rest. Null when nothing of it fits.</summary>
    public static string? Shorten(string section, HostName host, int limit)
    {
        if (section.Length <= limit)
        {
            return section;
        }

        var (begin, end) = (Begin(host) + "\n", "\n" + End(host));
        var inside = section.StartsWith(begin, StringComparison.Ordinal) && section.EndsWith(end, StringComparison.Ordinal)
            ? section[begin.Length..^end.Length]
            : section;
        var room = limit - begin.Length - end.Length;
        foreach (var shorter in FoldedText.ShorterAndShorter(inside))
        {
            if (shorter.Length + 2 + Note.Length <= room)
            {
                return $"{begin}{shorter}\n\n{Note}{end}";
            }

            inside = shorter;
        }

        return MarkdownLines.Cut(inside, room, Note) is { Length: > 0 } cut ? begin + cut + end : null;
    }

    // Each host takes a part of what is left, so that one long story leaves room for the next host's. What a section has it keeps.
    private static int Share(int room, int has) => Math.Max(Math.Max(room / 4, 512), has);

    // Behind the last section; text behind that was put there by a person.
    private static int Insertion(string body)
    {
        var place = body.Length;
        foreach (var line in Lines(body))
        {
            place = body.AsSpan()[line].TrimStart().StartsWith(AnyEnd, StringComparison.Ordinal) ? line.End.GetOffset(body.Length) : place;
        }

        return place;
    }

    private static string Gap(string rest) => rest.TrimStart() is { Length: > 0 } text ? "\n\n" + text : "";

    private static IEnumerable<Range> Lines(string body)
    {
        for (var start = 0; start <= body.Length;)
        {
            var end = body.IndexOf('\n', start) is var found and >= 0 ? found : body.Length;
            yield return start..(end > start && body[end - 1] == '\r' ? end - 1 : end);
            start = end + 1;
        }
    }
}
