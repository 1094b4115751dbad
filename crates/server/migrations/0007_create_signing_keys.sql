-- The keys by which the company's server counter-signs (P-11, P-21): what has
-- to be known to verify, for as long as anything signed is kept. The secret
-- parts lie in files beside the store.

CREATE TABLE signing_keys (
    org    INTEGER NOT NULL,
    id     TEXT NOT NULL,          -- hash of the public part, hex
    suite  TEXT NOT NULL,          -- standard, guomi
    public BLOB NOT NULL,
    since  INTEGER NOT NULL,       -- first signature, ms
    PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER signing_keys_stay BEFORE UPDATE ON signing_keys
BEGIN SELECT RAISE(ABORT, 'signing keys are only added'); END;
CREATE TRIGGER signing_keys_remain BEFORE DELETE ON signing_keys
BEGIN SELECT RAISE(ABORT, 'signing keys are only added'); END;
