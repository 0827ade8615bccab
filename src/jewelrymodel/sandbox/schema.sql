-- One document a row, in the shape the API answers with (keys that start with "_" never leave).
CREATE TABLE IF NOT EXISTS objects (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    id      TEXT NOT NULL UNIQUE,
    kind    TEXT NOT NULL,
    created INTEGER NOT NULL,
    body    TEXT NOT NULL CHECK (json_valid(body)),
    CHECK (
        kind <> 'charge'
        OR json_extract(body, '$.amount_refunded')
            BETWEEN 0 AND json_extract(body, '$.amount_captured')
    )
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);

-- The same intent is paid once, whatever arrives twice.
CREATE UNIQUE INDEX IF NOT EXISTS one_paid_charge_per_intent
    ON objects (json_extract(body, '$.payment_intent'))
    WHERE kind = 'charge' AND json_extract(body, '$.paid') = 1;

CREATE INDEX IF NOT EXISTS refunds_by_charge
    ON objects (json_extract(body, '$.charge')) WHERE kind = 'refund';

-- Refunds that live never come to more than was captured.
CREATE TRIGGER IF NOT EXISTS refunds_never_exceed AFTER INSERT ON objects
WHEN NEW.kind = 'refund'
BEGIN
    SELECT RAISE(ABORT, 'refunds exceed the charge')
    WHERE (
        SELECT sum(json_extract(body, '$.amount')) FROM objects
        WHERE kind = 'refund'
            AND json_extract(body, '$.charge') = json_extract(NEW.body, '$.charge')
            AND json_extract(body, '$.status') NOT IN ('failed', 'canceled')
    ) > (
        SELECT json_extract(body, '$.amount_captured') FROM objects
        WHERE id = json_extract(NEW.body, '$.charge')
    );
END;

-- status NULL: the first request with this key is still being answered.
CREATE TABLE IF NOT EXISTS idempotency (
    key         TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status      INTEGER,
    answer      TEXT
);

CREATE TABLE IF NOT EXISTS deliveries (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    due         REAL NOT NULL,
    state       TEXT NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'delivered', 'failed', 'dropped')),
    forged      INTEGER NOT NULL DEFAULT 0,
    held        INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER,
    last_error  TEXT
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);

-- What the sandbox itself will do later: settle or fail a refund, expire a session, renew.
CREATE TABLE IF NOT EXISTS jobs (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    due     INTEGER NOT NULL,
    name    TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due, id);

CREATE TABLE IF NOT EXISTS state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
