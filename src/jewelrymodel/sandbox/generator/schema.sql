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
