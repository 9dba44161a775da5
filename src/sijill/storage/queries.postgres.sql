-- What PostgreSQL says differently. See queries.sql.

-- has_migrations
-- Whether this database has ever been migrated.
SELECT count(*) FROM pg_tables
WHERE schemaname = current_schema() AND tablename = 'schema_migrations'

-- lock_migrations
-- One process migrates at a time, until its transaction ends. The number is Sijill's own.
SELECT pg_advisory_xact_lock(7236288501948531)

-- lock_customer
-- A read after this one sees what the last writer left, its memberships too.
SELECT id FROM customers WHERE store_id = $1 AND id = $2 FOR UPDATE

-- examine
-- The server's version, and whether a commit waits for the disk.
SELECT
  current_setting('server_version_num'),
  current_setting('server_version'),
  current_setting('synchronous_commit')
