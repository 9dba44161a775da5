-- What SQLite says differently. See queries.sql.

-- has_migrations
-- Whether this database has ever been migrated.
SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'

-- lock_migrations
-- Nothing to do: BEGIN IMMEDIATE holds every other writer already.
SELECT 1

-- examine
-- Whether every page and every index is sound; one row, "ok", if so.
PRAGMA quick_check(1)
