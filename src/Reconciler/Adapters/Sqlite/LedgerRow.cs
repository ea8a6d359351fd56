using System.Collections.Immutable;

namespace Reconciler.Adapters.Sqlite;

/// <summary>One entry as it is stored. Its texts are the bytes in the file, which are the bytes that were hashed.</summary>
/// <param name="Position">Counts from 1 without gaps.</param>
/// <param name="At">Milliseconds since 1970-01-01 UTC.</param>
/// <param name="ActorKind">What sort of actor.</param>
/// <param name="ActorName">The operator's user name; empty for the daemon.</param>
/// <param name="Schema">Version of the fact's shape.</param>
/// <param name="Kind">What sort of fact.</param>
/// <param name="Fact">Its fields as canonical JSON in UTF-8.</param>
/// <param name="Previous">Hash of the entry before.</param>
/// <param name="Hash">Hash of this entry.</param>
internal sealed record LedgerRow(
    long Position, long At, string ActorKind, string ActorName, long Schema, string Kind, ImmutableArray<byte> Fact, string Previous, string Hash);
