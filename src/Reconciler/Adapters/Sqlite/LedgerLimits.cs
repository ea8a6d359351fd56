using System.Collections.Immutable;
using System.Text;

namespace Reconciler.Adapters.Sqlite;

/// <summary>How much of a text and of a list goes into the ledger. Where facts are made they are bounded already; this is the last net.</summary>
/// <param name="Characters">Longest text.</param>
/// <param name="Items">Longest list.</param>
internal sealed record LedgerLimits(int Characters, int Items)
{
    /// <summary>Most that one fact may take, in bytes of JSON.</summary>
    public const int LargestFact = 2 * 1024 * 1024;

    /// <summary>From what is usual to what always fits: a fact that is too large is written again with the next.</summary>
    public static readonly ImmutableArray<LedgerLimits> Steps = [new(16 * 1024, 8192), new(1024, 1024), new(200, 100), new(50, 20)];

    /// <summary>A text with broken surrogates replaced by U+FFFD, cut with an ellipsis when too long.</summary>
    public string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var whole = IsWellFormed(text) ? text : Mend(text);
        if (whole.Length <= Characters)
        {
            return whole;
        }

        var length = char.IsHighSurrogate(whole[Characters - 2]) ? Characters - 2 : Characters - 1;
        return whole[..length] + "…";
    }

    /// <summary>A text, or null.</summary>
    public string? TextOrNull(string? text) => text is null ? null : Text(text);

    /// <summary>Texts, at most as many as allowed; none when the array was never set.</summary>
    public ImmutableArray<string> Texts(ImmutableArray<string> texts) => Each(texts, Text);

    /// <summary>Items, at most as many as allowed; none when the array was never set.</summary>
    public ImmutableArray<TTo> Each<TFrom, TTo>(ImmutableArray<TFrom> items, Func<TFrom, TTo> map) =>
        items.IsDefaultOrEmpty ? [] : [.. items.Take(Items).Select(map)];

    /// <summary>The name of an actor: bounded, without control characters.</summary>
    public static string Name(string name) => new LedgerLimits(128, 0).Text(string.Concat(name.Where(c => !char.IsControl(c))));

    private static bool IsWellFormed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD; so is a U+FFFD that was there before, which mending leaves alone.
            if (rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }

    private static string Mend(string text) => string.Concat(text.EnumerateRunes());
}
