-- What of a machine's own traffic goes through its tunnel: `replies`, `everything`, or networks with commas between them.
ALTER TABLE peers ADD COLUMN route TEXT NOT NULL DEFAULT 'replies';
