namespace Reconciler.Adapters.Forge;

/// <summary>Follows which fence and which folds are open while a text is read line by line, and cuts it without leaving one open.</summary>
internal sealed class MarkdownLines
{
    /// <summary>The line a fold begins with.</summary>
    public const string DetailsBegin = "<details>";

    /// <summary>The line a fold ends with.</summary>
    public const string DetailsEnd = "</details>";

    private const int ShortestFence = 3;
    private int _folds;

    /// <summary>The fence that is open; null outside of one.</summary>
    public string? OpenFence { get; private set; }

    /// <summary>Whether a fold is open.</summary>
    public bool IsFolded => _folds > 0;

    /// <summary>What closes everything that is open; begins with a line break when it is not empty.</summary>
    public string Closing => (OpenFence is { } fence ? "\n" + fence : "") + string.Concat(Enumerable.Repeat($"\n\n{DetailsEnd}", _folds));

    /// <summary>Takes in the next line, without its line break.</summary>
    public void Read(string line)
    {
        var run = line.Length - line.TrimStart('`').Length;
        if (OpenFence is { } fence)
        {
            OpenFence = run >= fence.Length && line.AsSpan(run).IsWhiteSpace() ? null : fence;
        }
        else if (run >= ShortestFence && !line.AsSpan(run).Contains('`'))
        {
            OpenFence = new string('`', run);
        }
        else
        {
            _folds = Math.Max(0, _folds + (line.TrimEnd() switch { DetailsBegin => 1, DetailsEnd => -1, _ => 0 }));
        }
    }

    /// <summary>
    /// The text itself when it is short enough, else as many of its lines as there is room for, everything open closed, and a note. A line that does
    /// not fit is dropped, but in a fence it is cut between two characters.
    /// </summary>
    /// <param name="text">Markdown made of the pieces of <see cref="Markdown"/>.</param>
    /// <param name="limit">At most this many characters are returned, so none when not even the note fits.</param>
    /// <param name="note">What stands at the place of the cut.</param>
    public static string Cut(string text, int limit, string note)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        var tail = $"\n\n{note}";
        if (tail.Length > limit)
        {
            return "";
        }

        var reader = new MarkdownLines();
        var (kept, closing, end) = (0, "", 0);
        foreach (var line in text.Split('\n'))
        {
            var (start, before, isInFence) = (end, reader.Closing, reader.OpenFence is not null);
            end += line.Length + 1;
            reader.Read(line);
            if (end - 1 + reader.Closing.Length + tail.Length <= limit)
            {
                (kept, closing) = (end - 1, reader.Closing);
                continue;
            }

            // A later line may close what is open, and so fit where this one does not.
            if (isInFence && reader.OpenFence is not null && Within(text, limit - tail.Length - before.Length) is var place && place > start)
            {
                (kept, closing) = (place, before);
            }

            if (end - 1 + tail.Length > limit)
            {
                break;
            }
        }

        return (text[..kept].TrimEnd() + closing + tail).TrimStart('\n');
    }

    private static int Within(string text, int place) => place > 0 && char.IsHighSurrogate(text[place - 1]) ? place - 1 : place;
}
