CREATE TABLE IF NOT EXISTS jobs (
    id           TEXT PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    fingerprint  TEXT NOT NULL,
    created      REAL NOT NULL,
    behaviour    TEXT NOT NULL,
    seconds      REAL NOT NULL,      -- how long the whole job takes
    finish_at    REAL,               -- set by the panel or by a cancel: over from then on
    canceled     INTEGER NOT NULL DEFAULT 0,
    cutout       BLOB NOT NULL,
    images       TEXT NOT NULL CHECK (json_valid(images))
);

CREATE TABLE IF NOT EXISTS faults (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    behaviour  TEXT NOT NULL,
    times      INTEGER NOT NULL,     -- -1: until it is cleared
    seconds    REAL NOT NULL,
    down       INTEGER NOT NULL,
    lose_answers INTEGER NOT NULL    -- submissions that are accepted and not answered
);
INSERT OR IGNORE INTO faults VALUES (1, 'honest', 0, 2.0, 0, 0);

CREATE TABLE IF NOT EXISTS provider_faults (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    fault      TEXT NOT NULL,
    times      INTEGER NOT NULL      -- -1: until it is cleared
);
INSERT OR IGNORE INTO provider_faults VALUES (1, 'none', 0);

CREATE TABLE IF NOT EXISTS provider_jobs (
    id         TEXT PRIMARY KEY,
    provider   TEXT NOT NULL,
    created    REAL NOT NULL,
    fault      TEXT NOT NULL,
    due        REAL NOT NULL,        -- the instant from which it is over
    billed     INTEGER NOT NULL,     -- millionths of a US dollar
    picture    BLOB,
    note       TEXT NOT NULL CHECK (json_valid(note))
);
