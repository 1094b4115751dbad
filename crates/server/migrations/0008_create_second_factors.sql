-- Second factors of accounts (P-13): the secret that a person's authenticator
-- shares with the company, sealed by the key beside the store.

CREATE TABLE second_factors (
    org       INTEGER NOT NULL,
    user      BLOB NOT NULL,
    sealed    BLOB NOT NULL,
    confirmed INTEGER NOT NULL,    -- 1 once a code has come from it
    last_step INTEGER NOT NULL,    -- of the last code taken, 30 s each; no code works twice
    PRIMARY KEY (org, user)
) STRICT, WITHOUT ROWID;
