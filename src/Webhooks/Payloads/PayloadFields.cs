using System.Buffers;
using System.Text.Json;

namespace Webhooks.Payloads;

/// <summary>What was found. A field that is absent or of another type stays null.</summary>
internal sealed class PayloadFields
{
    private const int LongestText = 2048;
    private const int LongestReference = 512;
    private const int LongestRepository = 200;
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" ~^:?*[\\");
    private int _seen;

    /// <summary>Whether a field we read came twice: programs differ in which one they believe, so none is believed.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>The full ref name; null when there is none that git could have.</summary>
    public string? Reference { get; private set; }

    /// <summary>For the log only; empty when there is none.</summary>
    public string Repository { get; private set; } = "";

    public string? Action { get; private set; }

    public long? Number { get; private set; }

    public bool HasOldRevision { get; private set; }

    /// <summary>Takes the value the reader stands on. The reader is left at its end.</summary>
    public void Take(PayloadField field, ref Utf8JsonReader reader)
    {
        IsAmbiguous |= (_seen & (1 << (int)field)) != 0;
        _seen |= 1 << (int)field;
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.ValueSpan.Length <= LongestText:
                TakeText(field, reader.GetString()!);
                break;
            case JsonTokenType.Number when field is PayloadField.Number && reader.TryGetInt64(out var number):
                Number = number;
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void TakeText(PayloadField field, string text)
    {
        switch (field)
        {
            case PayloadField.Reference:
                Reference = IsReference(text) ? text : null;
                break;
            case PayloadField.Repository:
                Repository = CleanText.Of(text, LongestRepository);
                break;
            case PayloadField.Action:
                Action = text;
                break;
            case PayloadField.OldRevision:
                HasOldRevision = true;
                break;
            default:
                break;
        }
    }

    // What `git check-ref-format` forbids and could do harm further on, and what cannot be seen.
    private static bool IsReference(string text) =>
        text.StartsWith("refs/", StringComparison.Ordinal) && text.Length > "refs/".Length
        && !text.AsSpan().ContainsAny(Forbidden) && !text.Contains("..", StringComparison.Ordinal)
        && CleanText.Of(text, LongestReference) == text;
}
