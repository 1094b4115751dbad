-- What outside systems pushed, and which lead holds which project.

CREATE TABLE intake_keys (         -- every key by which a platform named a project
    org    INTEGER NOT NULL,
    source TEXT NOT NULL,          -- gonggai, duogui
    key    TEXT NOT NULL,          -- project code with works code, opinion or boundary number
    record BLOB NOT NULL,          -- the lead
    mark   BLOB NOT NULL,          -- SHA-256 of what was taken last under this key, without times
    PRIMARY KEY (org, source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE intake_projects (     -- the leads of a project code
    org    INTEGER NOT NULL,
    code   TEXT NOT NULL,
    source TEXT NOT NULL,          -- the platform whose word the lead carries
    record BLOB NOT NULL,
    PRIMARY KEY (org, code, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE intake_files (        -- the pushes; each stands encrypted in the data folder
    org      INTEGER NOT NULL,
    id       BLOB NOT NULL,
    sha256   TEXT NOT NULL,        -- of the push as it came
    source   TEXT NOT NULL,
    batch    TEXT,                 -- the sender's name of it
    importer BLOB NOT NULL,        -- whose account brought it
    received INTEGER NOT NULL,
    report   BLOB NOT NULL,        -- the result of each row, zstd of JSON
    PRIMARY KEY (org, id)
) STRICT;
CREATE INDEX intake_files_by_content ON intake_files (org, sha256);
