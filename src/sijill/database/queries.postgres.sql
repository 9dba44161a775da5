-- What PostgreSQL says differently. See queries.sql.

-- has_migrations
-- Whether this database has ever been migrated.
SELECT count(*) FROM pg_tables
WHERE schemaname = current_schema() AND tablename = 'schema_migrations'

-- lock_migrations
-- One process migrates at a time, until its transaction ends. The number is Sijill's own.
SELECT pg_advisory_xact_lock(7236288501948531)

-- lock_authorization
-- Hold an authorization until the transaction ends, before anything is issued for it.
SELECT id FROM authorizations WHERE id = $1 FOR UPDATE

-- lock_owners
-- Nobody else becomes the first owner meanwhile.
SELECT pg_advisory_xact_lock(5346546548)

-- lock_customer
-- A read after this one sees what the last writer left, its memberships too.
SELECT id FROM customers WHERE store_id = $1 AND id = $2 FOR UPDATE

-- hold_points
-- Hold some customers until the transaction ends. It says how many, their last id, and the least
-- and the most points among them.
SELECT count(*), max(id), min(total_points), max(total_points)
FROM (
  SELECT id, total_points FROM customers
  WHERE store_id = $1 AND id >= $2 AND id <= $3 ORDER BY id LIMIT $4 FOR UPDATE
) AS held

-- found
-- The customers of one store that match, from the index; each term in it holds the store too.
SELECT s.id, s.created_at FROM customer_search AS s
WHERE array_to_tsvector(string_to_array(s.terms, ' ')) @@ CAST(CAST($6 AS TEXT) AS TSQUERY)
-- The sum keeps the planner from walking through all of the store instead.
AND s.store_id + 0 = $1 AND s.created_at >= $2 AND s.created_at < $3

-- examine
-- The server's version, and whether a commit waits for the disk.
SELECT
  current_setting('server_version_num'),
  current_setting('server_version'),
  current_setting('synchronous_commit')

-- listed
-- The numbers of a JSON list that is the second argument.
SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON))

-- lock_customers
-- None of them can be deleted until the transaction ends.
SELECT id FROM customers WHERE store_id = $1 AND id IN ({listed}) ORDER BY id FOR KEY SHARE

-- customers_to_evaluate
-- Their numbers stay as they are until the transaction ends.
SELECT id, orders_count, orders_amount FROM customers
WHERE store_id = $1 AND id > $2 ORDER BY id LIMIT $3 FOR UPDATE

-- hold_groups
-- The default group, which every store has, stands for all of them.
SELECT id FROM customer_groups WHERE store_id = $1 AND is_default FOR UPDATE

-- share_groups
-- Many may hold it so at once; a read after it sees what the last who held it alone has left.
SELECT id FROM customer_groups WHERE store_id = $1 AND is_default FOR SHARE

-- lock_feed
-- One process at a time gives positions, until its transaction ends.
SELECT newest FROM feed WHERE id = 1 FOR UPDATE

-- webhooks_for
-- Those in a store that are told of an event; none of them can go until the transaction ends.
SELECT {webhook_columns} FROM webhooks AS w
WHERE w.store_id = $1 AND w.event = $2 ORDER BY w.id FOR KEY SHARE

-- listed_name
-- Whether an event's name is among a JSON list.
e.name IN (SELECT jsonb_array_elements_text(CAST($4 AS jsonb)))

-- deliveries_due
-- The next of one webhook; what another process is about to claim is left to it.
SELECT {event_columns}, d.attempts
FROM deliveries AS d JOIN events AS e ON e.id = d.event_id
WHERE d.webhook_id = $1 AND d.state = 'pending' AND d.next_at <= $2
ORDER BY d.next_at, e.position LIMIT $3 FOR UPDATE OF d SKIP LOCKED
