-- Statements that know no noun; those of a noun stand in `queries.sql` of its folder. One text
-- serves both databases. A block opens with `-- name`, and its second line says what the block is
-- for; `{name}` stands for the text of another block, of any folder, or for a word of sql.py. Lines
-- that differ stand after `-- only sqlite` and `-- only postgres`.

-- has_migrations
-- Whether this database has ever been migrated.
-- only sqlite
SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'
-- only postgres
SELECT count(*) FROM pg_tables
WHERE schemaname = current_schema() AND tablename = 'schema_migrations'
-- end

-- lock_migrations
-- One process migrates at a time, until its transaction ends. The number is Sijill's own.
SELECT {advisory_lock}(7236288501948531)

-- examine
-- On SQLite whether every page and every index is sound: one row, "ok". On PostgreSQL the
-- server's version, and whether a commit waits for the disk.
-- only sqlite
PRAGMA quick_check(1)
-- only postgres
SELECT
  current_setting('server_version_num'),
  current_setting('server_version'),
  current_setting('synchronous_commit')
-- end

-- only postgres
-- written_position
-- Up to which byte a primary has written its log to its disk, its system, and its timeline.
-- A standby that is promoted begins another timeline.
SELECT
  CAST(pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0') AS BIGINT),
  system_identifier,
  CAST(CAST('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) AS BIT(32)) AS INTEGER)
FROM pg_control_system()

-- replayed_position
-- Up to which byte a standby has replayed that log, NULL for none, its system, and its timeline.
-- The timeline is the newest that it is known to follow: its file knows that from the next
-- checkpoint on, its receiver at once, which members of pg_monitor alone may read.
SELECT
  CASE WHEN pg_is_in_recovery() THEN
    CAST(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') AS BIGINT)
  END,
  system_identifier,
  GREATEST(
    (SELECT timeline_id FROM pg_control_checkpoint()),
    (SELECT min_recovery_end_timeline FROM pg_control_recovery()),
    (SELECT received_tli FROM pg_stat_wal_receiver)
  )
FROM pg_control_system()
-- end

-- database_version
-- The database and its version.
-- only sqlite
SELECT 'SQLite', sqlite_version()
-- only postgres
SELECT 'PostgreSQL', current_setting('server_version')
-- end

-- newest_migration
-- The newest version; a real read, so it also shows that the database answers.
SELECT max(version) FROM schema_migrations

-- recorded_migrations
-- The migrations that were applied to this database.
SELECT version, name FROM schema_migrations ORDER BY version

-- insert_migration
-- Record that a migration was applied.
INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)

-- delete_migration
-- Take back a record that was only tried.
DELETE FROM schema_migrations WHERE version = $1

-- forget_idempotency_keys
-- Delete the keys of requests that are too old to be sent again, of every store.
DELETE FROM idempotency_keys WHERE done_at < $1

-- forget_idempotency_key
-- Delete one key if it is that old.
DELETE FROM idempotency_keys
WHERE store_id = $1 AND app_id = $2 AND idempotency_key = $3 AND done_at < $4

-- claim_idempotency_key
-- Claim the key of a request; no row changes if the key was claimed before.
INSERT INTO idempotency_keys (store_id, app_id, idempotency_key, fingerprint, done_at, result)
VALUES ($1, $2, $3, $4, $5, 0)
ON CONFLICT DO NOTHING

-- idempotency_key
-- The fingerprint and the result of a request that was done.
SELECT fingerprint, result FROM idempotency_keys
WHERE store_id = $1 AND app_id = $2 AND idempotency_key = $3

-- record_idempotency_result
-- Record the result of a request: an id.
UPDATE idempotency_keys SET result = $4
WHERE store_id = $1 AND app_id = $2 AND idempotency_key = $3

-- release_idempotency_key
-- Release the key of a refused request, which may be sent again.
DELETE FROM idempotency_keys WHERE store_id = $1 AND app_id = $2 AND idempotency_key = $3

-- clear_idempotency_keys
-- Delete the keys of a store, or of one app in it.
DELETE FROM idempotency_keys WHERE store_id = $1 AND app_id = coalesce(CAST($2 AS {id}), app_id)
