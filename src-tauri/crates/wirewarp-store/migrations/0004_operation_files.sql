-- The files of operations apart from them: with many forwards they are megabytes, which would be read and written with
-- every look at an operation's state. What is in force on a host are the files of the operation that was applied last.
CREATE TABLE operation_files (
    operation_id TEXT NOT NULL,
    path TEXT NOT NULL,
    mode INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (operation_id, path)
) STRICT;

INSERT INTO operation_files
SELECT applied.operation_id, file.key, json_extract(file.value, '$.mode'), json_extract(file.value, '$.text')
FROM applied, json_each(applied.bundle, '$.files') AS file;
INSERT OR IGNORE INTO operation_files
SELECT operations.id, file.key, json_extract(file.value, '$.mode'), json_extract(file.value, '$.text')
FROM operations, json_each(operations.bundle, '$.files') AS file WHERE ended_at IS NULL;

ALTER TABLE operations ADD COLUMN keys TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(keys));
UPDATE operations SET keys = json_extract(bundle, '$.keys');
ALTER TABLE operations DROP COLUMN bundle;
ALTER TABLE applied DROP COLUMN bundle;

CREATE INDEX open_operations ON operations (started_at) WHERE ended_at IS NULL;
