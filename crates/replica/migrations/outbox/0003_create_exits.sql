-- Records that left this person's scope: what was removed, and when. A row is
-- there before anything is removed, and until the company has it in its audit.
CREATE TABLE exits (
    n          INTEGER PRIMARY KEY,
    record     BLOB NOT NULL,
    version    INTEGER NOT NULL,      -- as it was held
    epoch      INTEGER NOT NULL,      -- of the page that took it away
    seq        INTEGER NOT NULL,      -- where that page leads
    left_at    INTEGER NOT NULL,
    stage      TEXT NOT NULL CHECK (stage IN ('leaving', 'sealed', 'purged')),
    body       BLOB,                  -- leaving: the record, to be read while its work goes out
    bytes      INTEGER NOT NULL,      -- of the record
    files      INTEGER NOT NULL,      -- contents that went with it
    purged_at  INTEGER,
    told       INTEGER                -- the epoch in which the company took note
) STRICT;
