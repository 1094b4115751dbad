-- The company's store. Each table has the organisation as leading key column,
-- so that several companies can share a store and it can be split by company.
-- Instants are UTC milliseconds; identities are 16 bytes.

CREATE TABLE orgs (
    org       INTEGER PRIMARY KEY, -- short number used by every other table
    id        BLOB NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    epoch     INTEGER NOT NULL,    -- changes when the store is restored
    head      INTEGER NOT NULL,    -- the last commit sequence given out
    recipient TEXT NOT NULL,       -- age recipient of the recovery key; the secret is never here
    created   INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    org          INTEGER NOT NULL,
    id           BLOB NOT NULL,    -- also the id of the person's directory record
    login        TEXT NOT NULL,    -- lower case
    password     TEXT NOT NULL,    -- Argon2id, PHC string
    password_set INTEGER NOT NULL,
    one_time     INTEGER NOT NULL, -- 1 while the password is the one that was printed
    failed       INTEGER NOT NULL, -- failures since the last success
    locked_until INTEGER NOT NULL, -- 0 when not locked
    stamp        INTEGER NOT NULL, -- security stamp: a change ends every token
    grants       INTEGER NOT NULL, -- counts the changes of roles: part of the scope version
    person       TEXT NOT NULL,    -- the directory entry, JSON, as in its record
    created      INTEGER NOT NULL,
    last_seen    INTEGER,
    PRIMARY KEY (org, id),
    UNIQUE (org, login)
) STRICT;

CREATE TABLE devices (
    org        INTEGER NOT NULL,
    id         BLOB NOT NULL,
    user       BLOB NOT NULL,
    name       TEXT NOT NULL,
    public_key BLOB NOT NULL,      -- Ed25519, 32 bytes
    state      TEXT NOT NULL,      -- active, revoked
    enrolled   INTEGER NOT NULL,
    last_sync  INTEGER,
    offset_ms  INTEGER,            -- server minus device, as of the last sync
    PRIMARY KEY (org, id)
) STRICT;
CREATE INDEX devices_by_user ON devices (org, user);

CREATE TABLE families (            -- one per sign-in: the line of its refresh tokens
    org        INTEGER NOT NULL,
    id         BLOB NOT NULL,
    user       BLOB NOT NULL,
    device     BLOB NOT NULL,
    stamp      INTEGER NOT NULL,   -- the user's security stamp at sign-in
    generation INTEGER NOT NULL,   -- of the newest refresh token
    grace      INTEGER NOT NULL,   -- how often its predecessor was accepted again: an answer was lost
    expires    INTEGER NOT NULL,   -- the newest refresh token's end
    ended      INTEGER,            -- when it was signed out, revoked or caught in reuse
    PRIMARY KEY (org, id)
) STRICT;
CREATE INDEX families_by_device ON families (org, device);

CREATE TABLE tokens (
    org        INTEGER NOT NULL,
    hash       BLOB NOT NULL,      -- SHA-256 of the token; the token itself is nowhere
    kind       TEXT NOT NULL,      -- access, refresh
    family     BLOB NOT NULL,
    generation INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    PRIMARY KEY (org, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_family ON tokens (org, family, generation);
CREATE INDEX tokens_by_end ON tokens (org, expires);

CREATE TABLE records (             -- the latest state of each record
    org       INTEGER NOT NULL,
    id        BLOB NOT NULL,
    kind      TEXT NOT NULL,
    version   INTEGER NOT NULL,    -- events taken
    seq       INTEGER NOT NULL,    -- the commit that wrote it
    due       INTEGER NOT NULL,    -- most urgent running clock; 2^63-1 for none
    digest    BLOB NOT NULL,       -- of the JSON
    card      BLOB NOT NULL,       -- MessagePack, as pages carry it
    body      BLOB NOT NULL,       -- zstd of the JSON, as pages carry it
    head      BLOB NOT NULL,       -- hash of the last event
    audiences TEXT NOT NULL,       -- JSON list of the audience keys
    UNIQUE (org, id)
) STRICT;

CREATE TABLE audiences (           -- the keys in use; see feed::scope
    org INTEGER NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (org, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (          -- who sees what, by value
    org      INTEGER NOT NULL,
    audience TEXT NOT NULL,
    record   BLOB NOT NULL,
    seq_in   INTEGER NOT NULL,     -- the commit with which it came into this scope
    seq      INTEGER NOT NULL,     -- the commit that last changed it
    due      INTEGER NOT NULL,
    PRIMARY KEY (org, audience, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_seq ON membership (org, audience, seq, record, seq_in);
CREATE INDEX membership_by_due ON membership (org, audience, due, record);

CREATE TABLE departures (          -- what left a scope, until it comes back
    org      INTEGER NOT NULL,
    audience TEXT NOT NULL,
    record   BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (org, audience, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX departures_by_seq ON departures (org, audience, seq, record);

CREATE TABLE events (              -- the log; append-only
    org     INTEGER NOT NULL,
    record  BLOB NOT NULL,
    version INTEGER NOT NULL,      -- of the record, from 1, without gaps
    seq     INTEGER NOT NULL,
    event   TEXT NOT NULL,         -- JSON
    stamp   TEXT NOT NULL,         -- JSON
    hash    BLOB NOT NULL,         -- SHA-256 over the previous hash, record, version, event, stamp
    UNIQUE (org, record, version)
) STRICT;

CREATE TABLE outcomes (            -- one per command judged; a repeat is answered from here
    org         INTEGER NOT NULL,
    command     BLOB NOT NULL,
    device      BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    n           INTEGER NOT NULL,
    prev        BLOB NOT NULL,     -- hash of the envelope before, as signed
    hash        BLOB NOT NULL,     -- of this envelope
    record      BLOB NOT NULL,
    verdict     TEXT NOT NULL,
    outcome     BLOB NOT NULL,     -- JSON
    envelope    BLOB NOT NULL,     -- as signed, zstd
    signature   BLOB NOT NULL,
    received    INTEGER NOT NULL,
    PRIMARY KEY (org, command)
) STRICT;
CREATE UNIQUE INDEX outcomes_by_number ON outcomes (org, device, incarnation, n);

CREATE TABLE quarantine (          -- what was not understood or not authentic
    org       INTEGER NOT NULL,
    hash      BLOB NOT NULL,       -- of the envelope
    user      BLOB NOT NULL,       -- whose session brought it
    device    BLOB NOT NULL,
    code      TEXT NOT NULL,
    message   TEXT NOT NULL,
    envelope  BLOB NOT NULL,       -- zstd
    signature BLOB NOT NULL,
    received  INTEGER NOT NULL,
    PRIMARY KEY (org, hash)
) STRICT;

CREATE TABLE audit (               -- append-only, hash-chained; one row per change
    org     INTEGER NOT NULL,
    n       INTEGER NOT NULL,      -- from 1, without gaps
    at      INTEGER NOT NULL,      -- server time
    act     TEXT NOT NULL,
    actor   BLOB,
    device  BLOB,
    subject BLOB,                  -- record, user or device acted on
    command BLOB,
    claimed INTEGER,               -- time claimed by the device
    result  TEXT NOT NULL,
    detail  TEXT NOT NULL,         -- JSON without personal data
    hash    BLOB NOT NULL,         -- SHA-256 over the previous hash and this row
    PRIMARY KEY (org, n)
) STRICT;

CREATE TABLE numbers (             -- daily sequences of case numbers
    org  INTEGER NOT NULL,
    day  TEXT NOT NULL,            -- YYYYMMDD in China
    last INTEGER NOT NULL,
    PRIMARY KEY (org, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_stay BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
