-- Where a tunnel's MTU comes from. Until now all were taken from an interface, or named; which of both was not kept.
ALTER TABLE peers ADD COLUMN mtu_origin TEXT NOT NULL DEFAULT 'assumed'
    CHECK (mtu_origin IN ('assumed', 'measured', 'set'));
