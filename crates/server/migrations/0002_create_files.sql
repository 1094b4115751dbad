-- Attachments. The content lies in the data folder, named by its hash; here
-- stands who brought what, how far it is, and what was promised.

CREATE TABLE uploads (             -- one per attachment and person who brings it
    org      INTEGER NOT NULL,
    file     BLOB NOT NULL,        -- the attachment as commands name it
    user     BLOB NOT NULL,        -- who brings it
    record   BLOB NOT NULL,        -- the record that it belongs to
    sha256   TEXT NOT NULL,        -- of the whole content, hex
    size     INTEGER NOT NULL,     -- bytes in all
    mime     TEXT NOT NULL,        -- media type as claimed
    held     INTEGER NOT NULL,     -- bytes held durably
    begun    INTEGER NOT NULL,
    moved    INTEGER NOT NULL,     -- the last progress: an unfinished one expires
    verified INTEGER,              -- when the whole content was verified: the receipt
    PRIMARY KEY (org, file, user)
) STRICT;
CREATE INDEX uploads_unfinished ON uploads (org, moved) WHERE verified IS NULL;
CREATE INDEX uploads_by_content ON uploads (org, sha256);
