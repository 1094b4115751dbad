-- The disposable database: what the company has confirmed.

-- Where the mirror stands: one row.
CREATE TABLE mirror (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    cursor      TEXT,                          -- JSON; none: nothing arrived
    generation  INTEGER NOT NULL DEFAULT 0,    -- of the last fresh start
    fresh       INTEGER NOT NULL DEFAULT 0,    -- a fresh start is under way
    total       INTEGER NOT NULL DEFAULT 0     -- records that it will bring
) STRICT;
INSERT INTO mirror (one) VALUES (1);

-- What is known and listed of each record, beside the bodies so that reading
-- all cards reads no body. The opening reads it whole and keeps it in memory,
-- indexed; so the only key is the number.
CREATE TABLE cards (
    n           INTEGER PRIMARY KEY,
    id          BLOB NOT NULL,
    version     INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    generation  INTEGER NOT NULL,
    card        TEXT NOT NULL                  -- JSON
) STRICT;

-- Confirmed records, byte for byte as received.
CREATE TABLE bodies (
    n     INTEGER PRIMARY KEY,                 -- cards.n
    body  BLOB NOT NULL
) STRICT;

-- Records that events did not fit onto: fetched whole.
CREATE TABLE repairs (
    id  BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
