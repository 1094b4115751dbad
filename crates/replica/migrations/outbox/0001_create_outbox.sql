-- The precious database: what people did and what became of it.

-- Who this tablet is: one row.
CREATE TABLE device (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    device       BLOB NOT NULL,  -- device id
    name         TEXT NOT NULL,  -- what the device calls itself
    org          BLOB NOT NULL,  -- company id
    person       TEXT NOT NULL,  -- directory entry at the last sign-in, JSON
    server       TEXT NOT NULL,  -- address of the company's server
    seed         BLOB NOT NULL,  -- Ed25519 seed of the device key
    incarnation  BLOB NOT NULL,  -- numbers the commands of this copy of the store
    offset_ms    INTEGER NOT NULL DEFAULT 0   -- server minus device clock, as last measured
) STRICT;

-- Every command that a person gave, in order of saving. Rows are never deleted
-- before their effect is old and confirmed; `envelope` never changes. There is
-- no second index on purpose: an act is then one page of the log and one
-- fsync. What is open is held in memory, found by one scan at the opening.
CREATE TABLE commands (
    saved_n      INTEGER PRIMARY KEY,  -- order of saving, over all incarnations
    place        INTEGER NOT NULL,     -- order of judging: a correction stands where the corrected stood
    id           BLOB NOT NULL,
    incarnation  BLOB NOT NULL,
    n            INTEGER NOT NULL,     -- number in the incarnation
    record       BLOB NOT NULL,
    saved_at     INTEGER NOT NULL,
    fate         TEXT NOT NULL DEFAULT 'pending'
                 CHECK (fate IN ('pending', 'taken', 'refused', 'quarantined', 'discarded', 'handed')),
    reoffered    INTEGER NOT NULL DEFAULT 0,  -- was taken by an older epoch of the server's store
    seq          INTEGER,              -- taken: feed position that includes the effect
    epoch        INTEGER,              -- taken: the server store's epoch
    answered_at  INTEGER,
    replaces     BLOB,                 -- the command that this one corrects
    replaced_by  BLOB,                 -- the command that corrects this one
    signature    BLOB NOT NULL,
    envelope     TEXT NOT NULL,        -- exactly as signed and sent
    outcome      TEXT                  -- the server's answer, JSON
) STRICT;

-- Unfinished forms.
CREATE TABLE drafts (
    key       TEXT PRIMARY KEY,        -- record and command
    data      TEXT NOT NULL,
    saved_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Own attachments: in the cache before their command is saved, kept until the
-- server's receipt.
CREATE TABLE uploads (
    file       BLOB PRIMARY KEY,
    record     BLOB NOT NULL,
    reference  TEXT NOT NULL,           -- as commands name it, JSON
    staged_at  INTEGER NOT NULL,
    command    BLOB,                    -- the command that names it; none: still a draft's
    offset     INTEGER,                 -- bytes held by the server; none: never offered
    trouble    TEXT,                    -- why it cannot go on by itself
    receipt    TEXT                     -- the server's word, JSON
) STRICT, WITHOUT ROWID;

-- Small things that must survive: tokens, lease, choices.
CREATE TABLE settings (
    key    TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
