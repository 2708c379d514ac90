-- Proxmox hosts that are signed in to, and the guests that were attached through them.
CREATE TABLE proxmoxes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    endpoint TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    login TEXT NOT NULL CHECK (json_valid(login)),
    version TEXT NOT NULL
) STRICT;

CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    proxmox_id TEXT NOT NULL REFERENCES proxmoxes (id),
    node TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('vm', 'ct')),
    vmid INTEGER NOT NULL,
    label TEXT NOT NULL,
    peer_id TEXT NOT NULL REFERENCES peers (id),
    bridge TEXT,
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('attaching', 'attached', 'detaching')),
    record TEXT NOT NULL CHECK (json_valid(record)),
    UNIQUE (proxmox_id, vmid, peer_id)
) STRICT;
CREATE INDEX attachments_of_peer ON attachments (peer_id);
