-- Machines of a VM network whose addresses are fixed: an array of {mac, address, name}.
ALTER TABLE peers ADD COLUMN leases TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(leases));
