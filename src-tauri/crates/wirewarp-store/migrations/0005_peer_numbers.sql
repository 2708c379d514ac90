-- More than 254 peers: the numbers go on, and SQLite cannot change a column's check but by making the table anew
-- (https://www.sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
DROP TRIGGER vps_name_free;
DROP TRIGGER vps_new_name_free;
CREATE TABLE peers_next (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    vps_id TEXT NOT NULL REFERENCES vpses (id),
    kind TEXT NOT NULL CHECK (kind IN ('linux', 'proxmox', 'manual')),
    host_id TEXT REFERENCES hosts (id),
    number INTEGER NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 26111),
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
    mtu_origin TEXT NOT NULL DEFAULT 'assumed' CHECK (mtu_origin IN ('assumed', 'measured', 'set')),
    UNIQUE (vps_id, tunnel_ip),
    UNIQUE (host_id, tunnel_index),
    CHECK ((kind = 'manual') = (host_id IS NULL))
) STRICT;
INSERT INTO peers_next
SELECT id, name, name_key, vps_id, kind, host_id, number, tunnel_index, tunnel_ip, vm_network, vm_interface,
    public_ip_id, state, public_key, key_serial, manual_mode, mtu, mtu_origin
FROM peers;
DROP TABLE peers;
ALTER TABLE peers_next RENAME TO peers;
-- What went with the table, and what named it while it was not there.
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
