-- From when to when somebody collected. Seconds since 1970 UTC.
CREATE TABLE runs (
    started INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
