-- What the company alone knows until it reveals it.

CREATE TABLE secrets (
    org   INTEGER NOT NULL,
    name  TEXT NOT NULL,
    value BLOB NOT NULL,           -- 32 random bytes
    PRIMARY KEY (org, name)
) STRICT, WITHOUT ROWID;

-- The root of the secrets of the months' draws of visits (domain i.2): each
-- month's is derived from it, committed to by hash, and revealed at the end.
INSERT INTO secrets (org, name, value) VALUES (1, 'visits', randomblob(32));
