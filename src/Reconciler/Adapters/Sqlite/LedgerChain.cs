using System.Globalization;
using System.Security.Cryptography;

namespace Reconciler.Adapters.Sqlite;

/// <summary>The hash that chains the entries. Its input is described in docs/ledger.md and never changes under one name.</summary>
internal static class LedgerChain
{
    /// <summary>What stands as the previous hash of the first entry.</summary>
    public static readonly string Genesis = new('0', 64);

    /// <summary>Names the encoding; another encoding takes another name.</summary>
    private const string Encoding = "reconciler-ledger-1";

    /// <summary>The hash an entry must have, in lower-case hexadecimal.</summary>
    public static string HashOf(LedgerRow row) => HashOf(row, row.Position);

    /// <summary>The hash the entry would have at another position.</summary>
    public static string HashOf(LedgerRow row, long position)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Encoding);
        Add(hash, row.Previous);
        Add(hash, position);
        Add(hash, row.At);
        Add(hash, row.ActorKind);
        Add(hash, row.ActorName);
        Add(hash, row.Schema);
        Add(hash, row.Kind);
        Add(hash, row.Fact.AsSpan());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, long number) => Add(hash, number.ToString(CultureInfo.InvariantCulture));

    private static void Add(IncrementalHash hash, string text) => Add(hash, System.Text.Encoding.UTF8.GetBytes(text));

    // A netstring: the length says where the field ends, so that no two entries have one encoding.
    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[16];
        field.Length.TryFormat(length, out var written, provider: CultureInfo.InvariantCulture);
        hash.AppendData(length[..written]);
        hash.AppendData(":"u8);
        hash.AppendData(field);
        hash.AppendData(","u8);
    }
}
