-- Figures over time, in a file of their own: they are many, are written all the time, and may be thrown away.
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    UNIQUE (kind, object)
) STRICT;

-- What was measured, for a day. Seconds since 1970 UTC.
CREATE TABLE raw (
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    bucket BLOB NOT NULL,
    PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;

-- The same added up, several buckets to a row. Level 0: minutes of an hour, 1: hours of a day, 2: 32 days.
CREATE TABLE packed (
    series INTEGER NOT NULL,
    level INTEGER NOT NULL,
    start INTEGER NOT NULL,
    buckets BLOB NOT NULL,
    PRIMARY KEY (series, level, start)
) STRICT, WITHOUT ROWID;

-- What the next poll of a host is compared with.
CREATE TABLE last_polls (
    host TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- When something changed how it is: rows for changes alone.
CREATE TABLE states (
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (kind, object, at)
) STRICT, WITHOUT ROWID;
