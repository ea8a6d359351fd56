-- The ledger of one host: facts in the order they were appended, chained by their hashes. Described in docs/ledger.md.

CREATE TABLE entry (
  position   INTEGER PRIMARY KEY,      -- counts from 1 without gaps
  at         INTEGER NOT NULL,         -- when it was appended: milliseconds since 1970-01-01 UTC
  actor_kind TEXT    NOT NULL,         -- daemon, operator
  actor_name TEXT    NOT NULL,         -- the operator's user name; empty for the daemon
  schema     INTEGER NOT NULL,         -- version of the fact's shape
  kind       TEXT    NOT NULL,         -- what sort of fact
  fact       TEXT    NOT NULL,         -- its fields: canonical JSON (RFC 8785)
  previous   TEXT    NOT NULL,         -- hash of the entry before; 64 zeros for the first
  hash       TEXT    NOT NULL          -- SHA-256 over all of the above, lower-case hexadecimal
) STRICT;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only: an entry is never changed');
END;

CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only: an entry is never removed');
END;

CREATE TRIGGER entry_follows_the_last BEFORE INSERT ON entry
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM entry)
  OR NEW.previous IS NOT coalesce((SELECT hash FROM entry ORDER BY position DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only: an entry follows the last one');
END;
