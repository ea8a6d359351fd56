-- What a forge is still to be told. Unlike entries, rows change: this is a list of work, not a record. Described in docs/ledger.md. Added to a ledger of any
-- version when it is opened to write, without changing that version: an older Reconciler does not look at it, so going back to one stays possible.

CREATE TABLE IF NOT EXISTS outbox (
  number   INTEGER PRIMARY KEY AUTOINCREMENT, -- messages are sent in this order
  subject  TEXT    NOT NULL,                  -- what it speaks about; a waiting message gives way to a later one of its subject
  message  TEXT    NOT NULL,                  -- its fields: JSON
  added    INTEGER NOT NULL,                  -- when it was put in: milliseconds since 1970-01-01 UTC
  state    TEXT    NOT NULL,                  -- waiting, sent, overtaken, given-up
  attempts INTEGER NOT NULL DEFAULT 0,        -- how often sending was tried and failed
  due      INTEGER NOT NULL,                  -- not to be tried before
  trouble  TEXT,                              -- why the last attempt failed, or why it was given up
  ended    INTEGER,                           -- when it was sent or given up
  link     TEXT                               -- where the forge shows it
) STRICT;

CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (number) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_subject ON outbox (subject, number);

CREATE INDEX IF NOT EXISTS outbox_state ON outbox (state, ended);

-- Which forge and repository all of it is for; one row.
CREATE TABLE IF NOT EXISTS outbox_forge (identity TEXT NOT NULL) STRICT;
