-- The inventory, what was applied, what was seen, and who changed what. Times are milliseconds since 1970 UTC.
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE hosts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    access TEXT NOT NULL CHECK (json_valid(access)),
    machine_id TEXT
) STRICT;

CREATE TABLE vpses (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    host_id TEXT NOT NULL UNIQUE REFERENCES hosts (id),
    tunnel_network TEXT NOT NULL UNIQUE,
    listen_port INTEGER NOT NULL CHECK (listen_port BETWEEN 1 AND 65535),
    endpoint TEXT NOT NULL,
    public_key TEXT
) STRICT;

CREATE TABLE public_ips (
    id TEXT PRIMARY KEY,
    vps_id TEXT NOT NULL REFERENCES vpses (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    address TEXT NOT NULL UNIQUE,
    on_host TEXT NOT NULL,
    interface TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    UNIQUE (vps_id, on_host)
) STRICT;

CREATE TABLE peers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    vps_id TEXT NOT NULL REFERENCES vpses (id),
    kind TEXT NOT NULL CHECK (kind IN ('linux', 'proxmox', 'manual')),
    host_id TEXT REFERENCES hosts (id),
    number INTEGER NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 254),
    tunnel_index INTEGER NOT NULL,
    tunnel_ip TEXT NOT NULL,
    vm_network TEXT NOT NULL UNIQUE,
    vm_interface TEXT,
    public_ip_id TEXT NOT NULL REFERENCES public_ips (id),
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    public_key TEXT,
    key_serial INTEGER NOT NULL DEFAULT 0,
    manual_mode TEXT CHECK (manual_mode IN ('full_tunnel', 'masquerade')),
    mtu INTEGER NOT NULL,
    UNIQUE (vps_id, tunnel_ip),
    UNIQUE (host_id, tunnel_index),
    CHECK ((kind = 'manual') = (host_id IS NULL))
) STRICT;

CREATE TABLE forwards (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    peer_id TEXT NOT NULL REFERENCES peers (id),
    ports TEXT NOT NULL CHECK (json_valid(ports)),
    target TEXT NOT NULL CHECK (json_valid(target)),
    label TEXT NOT NULL,
    template TEXT,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;
CREATE INDEX forwards_of_peer ON forwards (peer_id);

-- VPSes and peers share one set of names.
CREATE TRIGGER vps_name_free BEFORE INSERT ON vpses
WHEN EXISTS (SELECT 1 FROM peers WHERE name_key = NEW.name_key)
BEGIN SELECT RAISE (ABORT, 'name taken'); END;
CREATE TRIGGER vps_new_name_free BEFORE UPDATE OF name_key ON vpses
WHEN EXISTS (SELECT 1 FROM peers WHERE name_key = NEW.name_key)
BEGIN SELECT RAISE (ABORT, 'name taken'); END;
CREATE TRIGGER peer_name_free BEFORE INSERT ON peers
WHEN EXISTS (SELECT 1 FROM vpses WHERE name_key = NEW.name_key)
BEGIN SELECT RAISE (ABORT, 'name taken'); END;
CREATE TRIGGER peer_new_name_free BEFORE UPDATE OF name_key ON peers
WHEN EXISTS (SELECT 1 FROM vpses WHERE name_key = NEW.name_key)
BEGIN SELECT RAISE (ABORT, 'name taken'); END;

CREATE TABLE templates (
    name_key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    ports TEXT NOT NULL
) STRICT;

CREATE TABLE host_keys (
    endpoint TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    key TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (endpoint, key)
) STRICT;

-- Plans, operations and the audit log outlive what they speak of, so they refer to nothing.
CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL CHECK (json_valid(body)),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    host_id TEXT NOT NULL,
    host_name TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    base INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'succeeded', 'failed', 'rolled_back')),
    bundle TEXT NOT NULL CHECK (json_valid(bundle)),
    owner_pid INTEGER NOT NULL,
    owner_start TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    error TEXT CHECK (json_valid(error))
) STRICT;
CREATE INDEX operations_by_time ON operations (started_at);

CREATE TABLE operation_steps (
    operation_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT NOT NULL,
    ms INTEGER NOT NULL,
    PRIMARY KEY (operation_id, sequence)
) STRICT;

CREATE TABLE applied (
    host_id TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    bundle TEXT NOT NULL CHECK (json_valid(bundle)),
    operation_id TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE observed (
    host_id TEXT PRIMARY KEY,
    seen TEXT NOT NULL CHECK (json_valid(seen)),
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    name TEXT NOT NULL,
    before TEXT CHECK (json_valid(before)),
    after TEXT CHECK (json_valid(after))
) STRICT;
