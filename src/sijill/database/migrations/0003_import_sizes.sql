-- What an uploaded file takes, in bytes: its rows while they wait, its refused rows while they are
-- kept. A refused row counts 100 more, about what a database adds to a row.

ALTER TABLE imports ADD COLUMN size {number} NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN rejects_size {number} NOT NULL DEFAULT 0;

UPDATE imports SET
  size = coalesce((
    SELECT sum(octet_length(b.content)) FROM import_batches AS b
    WHERE b.store_id = imports.store_id AND b.import_id = imports.id
  ), 0),
  rejects_size = coalesce((
    SELECT sum(octet_length(r.reason) + octet_length(r.cells) + 100) FROM import_rejects AS r
    WHERE r.store_id = imports.store_id AND r.import_id = imports.id
  ), 0);

DROP INDEX imports_open;

CREATE INDEX imports_open ON imports (store_id, state, size)
  WHERE state IN ('queued', 'running');
CREATE INDEX imports_with_rejects ON imports (store_id, finished_at, rejects_size)
  WHERE rejects_size > 0;
