-- Outside systems through which users apply, and what they are told.

CREATE TABLE channel_clients (     -- one outside system each
    org        INTEGER NOT NULL,
    id         TEXT NOT NULL,      -- client id; also the login name of its interface account
    channel    TEXT NOT NULL,      -- wechat_oa, gov_portal …
    name       TEXT NOT NULL,
    account    BLOB NOT NULL,      -- the interface account on whose behalf it applies
    algorithm  TEXT NOT NULL,      -- hmac-sha256, hmac-sm3
    secret     BLOB NOT NULL,      -- sealed with the key beside the store
    basis      TEXT NOT NULL,      -- the legal basis of telling it anything
    addresses  TEXT NOT NULL,      -- JSON list of the addresses it may call from; empty for any
    per_minute INTEGER NOT NULL,   -- requests a minute
    webhook    TEXT,               -- where it is told of changes
    rating_url TEXT,               -- where a user rates; {case_no} is filled in
    active     INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_nonces (      -- used numbers of signed requests, until they are stale anyway
    org    INTEGER NOT NULL,
    client TEXT NOT NULL,
    nonce  TEXT NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (org, client, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_nonces_by_end ON channel_nonces (org, until);

CREATE TABLE channel_serials (     -- every number by which a channel names a case
    org     INTEGER NOT NULL,
    channel TEXT NOT NULL,
    serial  TEXT NOT NULL,
    record  BLOB NOT NULL,         -- the case
    case_no TEXT NOT NULL,         -- the number that people say
    client  TEXT,                  -- the outside system; none when a colleague typed it in
    account TEXT,                  -- the applicant's account there
    PRIMARY KEY (org, channel, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_serials_by_record ON channel_serials (org, record);
CREATE INDEX channel_serials_by_account ON channel_serials (org, client, account);
CREATE INDEX channel_serials_by_case ON channel_serials (org, client, case_no);

CREATE TABLE channel_accounts (    -- applicants' accounts at an outside system
    org     INTEGER NOT NULL,
    client  TEXT NOT NULL,
    account TEXT NOT NULL,
    person  BLOB NOT NULL,         -- keyed hash of the identity number; the number is nowhere
    made    INTEGER NOT NULL,
    PRIMARY KEY (org, client, account),
    UNIQUE (org, client, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_files (       -- papers brought before the application that names them
    org      INTEGER NOT NULL,
    id       BLOB NOT NULL,
    client   TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    name     TEXT NOT NULL,
    mime     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    received INTEGER NOT NULL,
    record   BLOB,                 -- the case that has it
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_ratings (     -- ratings as they came, one for each number
    org      INTEGER NOT NULL,
    client   TEXT NOT NULL,
    serial   TEXT NOT NULL,        -- the rating's own number
    record   BLOB NOT NULL,        -- the case rated
    stars    INTEGER NOT NULL,
    rated_at INTEGER NOT NULL,
    sha256   TEXT NOT NULL,        -- of the request, kept encrypted
    PRIMARY KEY (org, client, serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (          -- what outside systems are to be told, in order
    org     INTEGER NOT NULL,
    n       INTEGER NOT NULL,
    id      BLOB NOT NULL,         -- the same at every attempt, so that a repeat is known
    client  TEXT NOT NULL,
    record  BLOB NOT NULL,
    event   TEXT NOT NULL,
    body    TEXT NOT NULL,         -- JSON as sent; no name, number or address
    made    INTEGER NOT NULL,
    next    INTEGER NOT NULL,      -- when it is tried next
    tries   INTEGER NOT NULL,
    state   TEXT NOT NULL,         -- waiting, delivered, dead
    last    INTEGER,               -- the last attempt
    result  TEXT,                  -- what came of it
    PRIMARY KEY (org, n)
) STRICT;
CREATE UNIQUE INDEX deliveries_by_id ON deliveries (org, id);
CREATE INDEX deliveries_waiting ON deliveries (org, client, record, n) WHERE state = 'waiting';
