-- What SQLite says differently. See queries.sql.

-- has_migrations
-- Whether this database has ever been migrated.
SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'

-- lock_migrations
-- Nothing to do: BEGIN IMMEDIATE holds every other writer already.
SELECT 1

-- found
-- The customers of one store that match, from the index; each term in it holds the store too.
SELECT s.id, s.created_at FROM customer_terms JOIN customer_search AS s
ON s.number = customer_terms.rowid
WHERE customer_terms MATCH $6
AND s.store_id = $1 AND s.created_at >= $2 AND s.created_at < $3

-- examine
-- Whether every page and every index is sound; one row, "ok", if so.
PRAGMA quick_check(1)

-- listed
-- The numbers of a JSON list that is the second argument.
SELECT value FROM json_each($2)

-- lock_owners
-- Nothing: there is one writer at a time.
SELECT 1

-- lock_feed
-- Nothing: there is one writer at a time.
SELECT 1

-- listed_name
-- Whether an event's name is among a JSON list.
e.name IN (SELECT value FROM json_each($4))
