-- When somebody is told, by which way, and when not; how much a VPS may carry in a month. Secrets of channels are in the keychain.
CREATE TABLE alert_rules (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE alert_channels (
    id TEXT PRIMARY KEY,
    name_key TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE silences (
    id TEXT PRIMARY KEY,
    until INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE alert_settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE vps_quotas (
    vps_id TEXT PRIMARY KEY REFERENCES vpses (id) ON DELETE CASCADE,
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    first_day INTEGER NOT NULL CHECK (first_day BETWEEN 1 AND 28)
) STRICT, WITHOUT ROWID;

-- What everybody wants to be told; each can be changed, switched off or removed.
INSERT INTO alert_rules (id, body) VALUES
    ('6f1c0f5e-0001-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0001-4c1e-9d52-77697265776b","name":"Peer disconnected","condition":{"when":"peer_disconnected"},"only":[],"for_seconds":300,"severity":"critical","remind_minutes":0,"channels":[],"enabled":true}'),
    ('6f1c0f5e-0002-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0002-4c1e-9d52-77697265776b","name":"Host offline","condition":{"when":"host_offline"},"only":[],"for_seconds":120,"severity":"critical","remind_minutes":0,"channels":[],"enabled":true}'),
    ('6f1c0f5e-0003-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0003-4c1e-9d52-77697265776b","name":"Forward does not answer","condition":{"when":"forward_failing"},"only":[],"for_seconds":0,"severity":"warning","remind_minutes":0,"channels":[],"enabled":false}'),
    ('6f1c0f5e-0004-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0004-4c1e-9d52-77697265776b","name":"Quota almost used","condition":{"when":"quota","percent":80},"only":[],"for_seconds":0,"severity":"warning","remind_minutes":0,"channels":[],"enabled":true}'),
    ('6f1c0f5e-0005-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0005-4c1e-9d52-77697265776b","name":"Disk almost full","condition":{"when":"disk","percent":90},"only":[],"for_seconds":300,"severity":"warning","remind_minutes":1440,"channels":[],"enabled":true}'),
    ('6f1c0f5e-0006-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0006-4c1e-9d52-77697265776b","name":"High bandwidth","condition":{"when":"bandwidth","above":500},"only":[],"for_seconds":300,"severity":"info","remind_minutes":0,"channels":[],"enabled":false}'),
    ('6f1c0f5e-0007-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0007-4c1e-9d52-77697265776b","name":"Changed by hand","condition":{"when":"drift"},"only":[],"for_seconds":0,"severity":"warning","remind_minutes":0,"channels":[],"enabled":false}'),
    ('6f1c0f5e-0008-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0008-4c1e-9d52-77697265776b","name":"Key or login changed","condition":{"when":"key_changed"},"only":[],"for_seconds":0,"severity":"critical","remind_minutes":0,"channels":[],"enabled":true}'),
    ('6f1c0f5e-0009-4c1e-9d52-77697265776b', '{"id":"6f1c0f5e-0009-4c1e-9d52-77697265776b","name":"Updates wait","condition":{"when":"updates_waiting"},"only":[],"for_seconds":0,"severity":"info","remind_minutes":0,"channels":[],"enabled":true}');
