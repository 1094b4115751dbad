-- What tablets account for: their last word, and the receipts of what they let
-- go of.

CREATE TABLE accounts (            -- a device's last word, as it was signed
    org       INTEGER NOT NULL,
    device    BLOB NOT NULL,
    received  INTEGER NOT NULL,
    account   TEXT NOT NULL,       -- JSON
    signature BLOB NOT NULL,
    PRIMARY KEY (org, device)
) STRICT;

CREATE TABLE purges (              -- records that a device has let go of
    org       INTEGER NOT NULL,
    device    BLOB NOT NULL,
    record    BLOB NOT NULL,
    epoch     INTEGER NOT NULL,    -- of the page that took it away
    seq       INTEGER NOT NULL,    -- where that page led
    purged    INTEGER NOT NULL,    -- when everything was gone, by the device
    PRIMARY KEY (org, device, record, epoch, seq)
) STRICT, WITHOUT ROWID;
