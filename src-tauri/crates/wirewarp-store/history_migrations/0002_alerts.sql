-- What held, since when, and who was told.
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    object TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'firing', 'resolved')),
    since INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE INDEX alerts_by_state ON alerts (state, since);
CREATE INDEX alerts_by_time ON alerts (since);

-- A message and a channel. Seconds since 1970 UTC.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    channel_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    message TEXT NOT NULL CHECK (json_valid(message)),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    tries INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    said TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_by_state ON deliveries (state, next_at);
CREATE INDEX deliveries_by_time ON deliveries (at);
