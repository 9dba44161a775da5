-- Events and their feed, webhooks, deliveries.

-- event_columns
-- An event, in the order of `Event`.
e.id, e.store_id, e.name, e.at, e.body, e.customer_id, e.app_id

-- insert_event
-- A new event.
INSERT INTO events (id, store_id, name, at, body, customer_id, app_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- any_new_event
-- Whether an event of any store waits for its position.
SELECT id FROM events WHERE position IS NULL LIMIT 1

-- any_new_event_of_store
-- Whether an event of a store waits for its position.
SELECT id FROM events WHERE store_id = $1 AND position IS NULL LIMIT 1

-- insert_feed
-- The feed of a new store, which has no events.
INSERT INTO feed (store_id, newest, dropped) VALUES ($1, 0, 0)

-- feed
-- The largest position of a store of all time, and the position up to which events were dropped.
SELECT newest, dropped FROM feed WHERE store_id = $1

-- lock_feed
-- Lock the feed of a store: one process at a time gives positions in it.
SELECT store_id FROM feed WHERE store_id = $1 {for_update}

-- lock_feeds
-- Lock the feeds of the stores whose events have waited longest. Feeds that another process has
-- locked are left out: it gives their positions.
SELECT store_id FROM feed WHERE store_id IN (
  SELECT waiting.store_id FROM (
    SELECT store_id FROM events WHERE position IS NULL ORDER BY number LIMIT $1
  ) AS waiting
)
ORDER BY store_id
-- only postgres
FOR UPDATE SKIP LOCKED
-- end

-- elements
-- The elements of a JSON list that is the first argument, each in the column `value`.
-- only sqlite
json_each($1)
-- only postgres
json_array_elements(CAST($1 AS JSON))
-- end

-- numbers
-- The numbers of a JSON list that is the first argument.
-- only sqlite
SELECT value FROM json_each($1)
-- only postgres
SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON))
-- end

-- position_events
-- Give events of the stores of a JSON list their positions, once. Their order is that of writing,
-- not of clocks. The feeds are locked by an earlier statement, so this one sees all that an earlier
-- holder of a lock committed. It returns the columns of event_columns.
UPDATE events SET position = placed.position
FROM (
  SELECT
    new.number,
    f.newest + row_number() OVER (PARTITION BY new.store_id ORDER BY new.number) AS position
  FROM (
    SELECT number, store_id FROM events
    WHERE position IS NULL AND store_id IN ({numbers}) ORDER BY number LIMIT $2
  ) AS new
  JOIN feed AS f ON f.store_id = new.store_id
) AS placed
WHERE events.number = placed.number
RETURNING id, store_id, name, at, body, customer_id, app_id

-- advance_feeds
-- Record the largest position in each store of a JSON list.
UPDATE feed SET newest = (SELECT max(e.position) FROM events AS e WHERE e.store_id = feed.store_id)
WHERE store_id IN ({numbers})

-- changes
-- The events of a store after a position.
SELECT e.position, {event_columns} FROM events AS e
WHERE e.store_id = $1 AND e.position > $2 AND e.app_id IS NULL ORDER BY e.position LIMIT $3

-- listed_name
-- Whether an event's name is among a JSON list.
-- only sqlite
e.name IN (SELECT value FROM json_each($4))
-- only postgres
e.name IN (SELECT jsonb_array_elements_text(CAST($4 AS jsonb)))
-- end

-- changes_named
-- The same for the events whose name is in a JSON list.
SELECT e.position, {event_columns} FROM events AS e
WHERE e.store_id = $1 AND e.position > $2 AND e.app_id IS NULL AND {listed_name}
ORDER BY e.position LIMIT $3

-- drop_feeds
-- Record the positions up to which events are dropped. The argument is a JSON list of stores, each
-- with its position; a recorded position never goes back.
UPDATE feed SET dropped = given.dropped
FROM (
  SELECT CAST(value ->> 0 AS BIGINT) AS store_id, CAST(value ->> 1 AS BIGINT) AS dropped
  FROM {elements}
) AS given
WHERE feed.store_id = given.store_id AND feed.dropped < given.dropped

-- expire_deliveries
-- Deliveries whose event is too old are dead from this moment on.
UPDATE deliveries SET state = 'dead', error = $2, next_at = $3
WHERE state = 'pending' AND (store_id, event_id) IN (
  SELECT store_id, id FROM events WHERE at < $1
)

-- dropped_events
-- The next events by age, from one moment to another. Events with a delivery that is pending, or
-- that died of age since the second moment, are left out; so are those of customers on hold.
SELECT e.at, e.number, e.store_id, e.position FROM events AS e
WHERE e.at >= $2 AND e.at < $1 AND e.position IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM deliveries AS d
  WHERE d.event_id = e.id AND d.store_id = e.store_id
    AND (d.state = 'pending' OR (d.state = 'dead' AND d.error = $3 AND d.next_at >= $1))
) AND NOT EXISTS (
  SELECT 1 FROM holds AS h
  WHERE h.store_id = e.store_id AND h.customer_id = e.customer_id AND h.ends_at > $1
)
ORDER BY e.at LIMIT $4

-- drop_events
-- Delete the events of a JSON list of numbers, with their deliveries.
DELETE FROM events WHERE number IN ({numbers})

-- erase_events
-- Delete the bodies of a customer's events; the feed of the store is locked before.
UPDATE events SET body = NULL WHERE store_id = $1 AND customer_id = $2 AND body IS NOT NULL

-- erase_deliveries
-- End the waiting deliveries of a customer's events; later attempts change nothing.
UPDATE deliveries SET state = 'erased'
WHERE store_id = $1 AND state = 'pending' AND event_id IN (
  SELECT id FROM events WHERE store_id = $1 AND customer_id = $2
)

-- with_body
-- Whether a delivery has something to send: its customer was not deleted.
EXISTS (
  SELECT 1 FROM events AS e
  WHERE e.store_id = deliveries.store_id AND e.id = deliveries.event_id AND e.body IS NOT NULL
)

-- webhook_columns
-- A webhook, in the order of `Webhook`.
w.id, w.store_id, w.app_id, w.name, w.event, w.url, w.version, w.rule, w.headers, w.strategy,
w.secret, w.created_at, w.failing_since, w.paused

-- webhook
-- One webhook.
SELECT {webhook_columns} FROM webhooks AS w WHERE w.id = $1

-- webhook_of
-- One webhook of an app in a store.
SELECT {webhook_columns} FROM webhooks AS w WHERE w.store_id = $1 AND w.app_id = $2 AND w.id = $3

-- webhook_at
-- The webhook of an app in a store with this URL and this event.
SELECT {webhook_columns} FROM webhooks AS w
WHERE w.store_id = $1 AND w.app_id = $2 AND w.url = $3 AND w.event = $4

-- webhooks_of_store
-- The webhooks of all apps in a store but those of their installs, the newest first, behind a place.
SELECT {webhook_columns} FROM webhooks AS w
WHERE w.store_id = $1 AND w.event <> $2 AND (w.created_at, w.id) < ($4, $5)
ORDER BY w.created_at DESC, w.id DESC LIMIT $3

-- webhook_page
-- A page of the webhooks of an app in a store, each behind the count of all. An empty page is one
-- row with the count.
SELECT total.webhooks, {webhook_columns}
FROM (
  SELECT count(*) AS webhooks FROM webhooks WHERE store_id = $1 AND app_id = $2 AND event <> $5
) AS total
LEFT JOIN (
  SELECT id FROM webhooks WHERE store_id = $1 AND app_id = $2 AND event <> $5
  ORDER BY created_at, id LIMIT $3 OFFSET $4
) AS page ON TRUE
LEFT JOIN webhooks AS w ON w.store_id = $1 AND w.id = page.id
ORDER BY w.created_at, w.id

-- webhooks
-- Every webhook of every store.
SELECT {webhook_columns} FROM webhooks AS w ORDER BY w.store_id, w.app_id, w.id

-- webhooks_for
-- The webhooks of a store for an event; none can be deleted until the transaction ends.
SELECT {webhook_columns} FROM webhooks AS w
WHERE w.store_id = $1 AND w.event = $2 ORDER BY w.id {for_key_share}

-- granted
-- Whether an app may be sent what a webhook is for, at a moment (the second argument).
-- It has a living grant in the store: an access token, or a refresh token that brings the next one.
-- Of its own installs (the third argument) it hears without one.
(
  w.event = $3
  OR EXISTS (
    SELECT 1 FROM tokens AS t
    WHERE t.store_id = w.store_id AND t.app_id = w.app_id AND {works}
  )
  OR EXISTS (
    SELECT 1 FROM authorizations AS a
    JOIN refresh_tokens AS r ON r.store_id = a.store_id AND r.authorization_id = a.id
    WHERE a.store_id = w.store_id AND a.app_id = w.app_id AND a.revoked_at IS NULL
      AND r.used_at IS NULL AND r.expires_at > $2
  )
)

-- webhooks_of_stores
-- The webhooks of the stores of a JSON list whose app has a living grant.
-- None can be deleted until the transaction ends.
SELECT {webhook_columns} FROM webhooks AS w
WHERE w.store_id IN ({numbers}) AND {granted} ORDER BY w.id {for_key_share}

-- webhooks_without_grant
-- The webhooks of a store, or of every store (0), whose app has no living grant there.
SELECT w.id FROM webhooks AS w
WHERE (w.store_id = $1 OR $1 = 0) AND NOT {granted} ORDER BY w.id

-- insert_webhook
-- A new webhook.
INSERT INTO webhooks (
  id, store_id, app_id, name, event, url, version, rule, headers, strategy, secret, created_at,
  failing_since, paused
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- update_webhook
-- All of a webhook but its store and app; the arguments are those of insert_webhook.
UPDATE webhooks SET
  name = $4, event = $5, url = $6, version = $7, rule = $8, headers = $9, strategy = $10,
  secret = $11, created_at = $12, failing_since = $13, paused = $14
WHERE id = $1 AND store_id = $2 AND app_id = $3

-- delete_webhook
-- Delete a webhook of an app in a store, with its deliveries.
DELETE FROM webhooks WHERE store_id = $1 AND app_id = $2 AND id = $3 AND event <> $4

-- webhooks_to_delete
-- The webhooks of an app in a store with an id, or with a URL.
SELECT w.id FROM webhooks AS w
WHERE w.store_id = $1 AND w.app_id = $2 AND w.event <> $3 AND (w.id = $4 OR w.url = $5)
ORDER BY w.id {for_update}

-- delete_webhooks_of_app
-- Delete every webhook that an app subscribed to in a store.
DELETE FROM webhooks WHERE store_id = $1 AND app_id = $2 AND event <> $3

-- insert_deliveries
-- New deliveries: an event is delivered once to each webhook. The argument is a JSON list of
-- webhooks, each with its event, and with the store of both.
INSERT INTO deliveries (store_id, webhook_id, event_id, event, state, created_at, next_at)
SELECT e.store_id, CAST(value ->> 0 AS BIGINT), e.id, e.name, 'pending', $2, $2
FROM {elements} CROSS JOIN events AS e
WHERE e.store_id = CAST(value ->> 2 AS BIGINT) AND e.id = value ->> 1
ON CONFLICT DO NOTHING

-- waiting_of_app
-- How many deliveries of an app in a store wait, up to a limit; those of its installs aside.
SELECT count(*) FROM (
  SELECT d.webhook_id FROM webhooks AS w
  JOIN deliveries AS d ON d.webhook_id = w.id AND d.state = 'pending'
  WHERE w.store_id = $1 AND w.app_id = $2 AND w.event <> $3 LIMIT $4
) AS waiting

-- webhook_queue
-- Counts of the webhooks of a store and of their deliveries, those of installs aside. Webhooks: all,
-- paused, and failing now; deliveries up to a limit: waiting and given up, and when the oldest was
-- made that waits.
SELECT
  (SELECT count(*) FROM webhooks WHERE store_id = $1 AND event <> $2),
  (SELECT count(*) FROM webhooks WHERE store_id = $1 AND event <> $2 AND paused IS NOT NULL),
  (SELECT count(*) FROM webhooks
   WHERE store_id = $1 AND event <> $2 AND paused IS NULL AND failing_since IS NOT NULL),
  (SELECT count(*) FROM ({deliveries_in_state} AND d.state = 'pending' LIMIT $3) AS waiting),
  (SELECT count(*) FROM ({deliveries_in_state} AND d.state = 'dead' LIMIT $3) AS dead),
  (SELECT min(oldest) FROM (
    SELECT (
      SELECT d.created_at FROM deliveries AS d
      WHERE d.webhook_id = w.id AND d.event = w.event AND d.state = 'pending'
      ORDER BY (-d.created_at) DESC LIMIT 1
    ) AS oldest
    FROM webhooks AS w WHERE w.store_id = $1 AND w.event <> $2
  ) AS each)

-- deliveries_in_state
-- A part of the statement above.
SELECT 1 FROM webhooks AS w
JOIN deliveries AS d ON d.webhook_id = w.id AND d.event = w.event
WHERE w.store_id = $1 AND w.event <> $2

-- crowded_apps
-- The stores and apps of which at least so many deliveries wait.
SELECT w.store_id, w.app_id FROM webhooks AS w
JOIN deliveries AS d ON d.webhook_id = w.id AND d.state = 'pending'
WHERE w.event <> $1 GROUP BY w.store_id, w.app_id HAVING count(*) >= $2
ORDER BY w.store_id, w.app_id

-- webhooks_due
-- Webhooks with a delivery that is due, and an app that may have it. The index leads from each
-- webhook with a pending delivery to the next one, so webhooks at rest cost nothing.
WITH RECURSIVE pending (id) AS (
  SELECT min(webhook_id) FROM deliveries WHERE state = 'pending'
  UNION ALL
  SELECT (
    SELECT min(d.webhook_id) FROM deliveries AS d
    WHERE d.state = 'pending' AND d.webhook_id > pending.id
  ) FROM pending WHERE pending.id IS NOT NULL
)
SELECT {webhook_columns} FROM pending JOIN webhooks AS w ON w.id = pending.id
WHERE w.paused IS NULL AND {granted} AND EXISTS (
  SELECT 1 FROM deliveries AS d
  WHERE d.webhook_id = w.id AND d.state = 'pending' AND d.next_at <= $1
)
ORDER BY w.id

-- deliveries_due
-- The next deliveries of one webhook, without those that another process is about to claim.
SELECT {event_columns}, d.attempts, d.tried
FROM deliveries AS d JOIN events AS e ON e.store_id = d.store_id AND e.id = d.event_id
WHERE d.webhook_id = $1 AND d.state = 'pending' AND d.next_at <= $2 AND d.store_id = $4
ORDER BY d.next_at, e.position LIMIT $3
-- only postgres
FOR UPDATE OF d SKIP LOCKED
-- end

-- next_delivery
-- The moment at which the next delivery of any store comes due, after one moment.
SELECT min(next_at) FROM deliveries WHERE state = 'pending' AND next_at > $1

-- lease_delivery
-- Claim a delivery: no other process sends it until the lease ends.
UPDATE deliveries SET next_at = $4, attempts = attempts + 1
WHERE store_id = $1 AND webhook_id = $2 AND event_id = $3

-- move_delivery
-- Make a pending delivery due at another moment, with so many attempts behind it.
UPDATE deliveries SET next_at = $4, attempts = $5
WHERE store_id = $1 AND webhook_id = $2 AND event_id = $3 AND state = 'pending'

-- finish_delivery
-- The result of an attempt, unless a later attempt has begun.
UPDATE deliveries SET state = $4, status = $5, error = $6, next_at = $7, tried = $9
WHERE store_id = $1 AND webhook_id = $2 AND event_id = $3 AND attempts = $8 AND state = 'pending'

-- webhook_answers
-- The webhook works.
UPDATE webhooks SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL

-- webhook_fails
-- The webhook fails; the first moment of failure stays.
UPDATE webhooks SET failing_since = coalesce(failing_since, $2), paused = coalesce(paused, $3)
WHERE id = $1

-- stop_webhook
-- Send nothing more to a webhook, until somebody resumes it.
UPDATE webhooks SET paused = $3 WHERE store_id = $1 AND id = $2 AND paused IS NULL

-- resume_webhook
-- Try a paused webhook again.
UPDATE webhooks SET failing_since = NULL, paused = NULL WHERE id = $1

-- delivery_columns
-- A delivery, in the order of `Delivery`.
d.webhook_id, d.event_id, d.store_id, e.name, d.state, d.attempts, d.created_at, d.next_at,
d.status, d.error, d.tried

-- all_deliveries
-- Deliveries, newest first; optionally of one store, and in one state.
SELECT {delivery_columns}
FROM deliveries AS d JOIN events AS e ON e.store_id = d.store_id AND e.id = d.event_id
WHERE (d.store_id = $1 OR $1 = 0) AND ($2 = '' OR d.state = $2)
ORDER BY d.created_at DESC, d.event_id, d.webhook_id LIMIT $3

-- deliveries_of_event
-- The deliveries of one event, by webhook.
SELECT {delivery_columns}
FROM deliveries AS d JOIN events AS e ON e.store_id = d.store_id AND e.id = d.event_id
WHERE d.event_id = $1 ORDER BY d.webhook_id

-- delivery_states
-- A row for each state of a delivery.
SELECT 'pending' AS state UNION ALL SELECT 'done' UNION ALL SELECT 'dead'
UNION ALL SELECT 'captured' UNION ALL SELECT 'erased'

-- deliveries_of_app
-- Deliveries to an app's webhooks in a store, except the webhook of its installs, newest first.
-- Optionally of one event, and in one state. An index leads to the newest of each webhook with each
-- event in each state; the oldest of the newest of these says how old a delivery may be. Several are
-- as old. A webhook may have deliveries of an event that it had before it was updated.
WITH places AS (
  SELECT w.id AS webhook_id, k.event, s.state
  FROM webhooks AS w CROSS JOIN ({event_names}) AS k CROSS JOIN ({delivery_states}) AS s
  WHERE w.store_id = $1 AND w.app_id = $2 AND w.event <> $3
    AND ($4 = '' OR k.event = $4) AND ($5 = '' OR s.state = $5)
), oldest AS (
  SELECT coalesce((
-- only sqlite
    SELECT -n.created_at AS newness FROM places AS p CROSS JOIN deliveries AS n
    WHERE n.webhook_id = p.webhook_id AND n.event = p.event AND n.state = p.state
      AND -n.created_at <= coalesce((
        SELECT -d.created_at FROM deliveries AS d
        WHERE d.webhook_id = p.webhook_id AND d.event = p.event AND d.state = p.state
        ORDER BY -d.created_at LIMIT 1 OFFSET $6 - 1
      ), 0)
-- end
-- only postgres
    SELECT n.newness FROM places AS p CROSS JOIN LATERAL (
      SELECT -d.created_at AS newness FROM deliveries AS d
      WHERE d.webhook_id = p.webhook_id AND d.event = p.event AND d.state = p.state
      ORDER BY -d.created_at LIMIT $6
    ) AS n
-- end
    ORDER BY newness LIMIT 1 OFFSET $6 - 1
  ), 0) AS newness
)
SELECT {delivery_columns}, {webhook_columns}, {event_columns}
FROM oldest AS l CROSS JOIN places AS p
-- only sqlite
CROSS JOIN deliveries AS d CROSS JOIN events AS e CROSS JOIN webhooks AS w
WHERE d.webhook_id = p.webhook_id AND d.event = p.event AND d.state = p.state
  AND -d.created_at <= l.newness AND e.id = d.event_id AND w.id = d.webhook_id
-- end
-- only postgres
-- LIMIT and OFFSET keep the planner from reading all deliveries, or all events, for a few of them.
CROSS JOIN LATERAL (
  SELECT * FROM deliveries AS n
  WHERE n.webhook_id = p.webhook_id AND n.event = p.event AND n.state = p.state
    AND -n.created_at <= l.newness
  ORDER BY -n.created_at FETCH FIRST $6 ROWS WITH TIES
) AS d
CROSS JOIN LATERAL (
  SELECT * FROM events AS n WHERE n.store_id = d.store_id AND n.id = d.event_id OFFSET 0
) AS e
JOIN webhooks AS w ON w.id = d.webhook_id
WHERE TRUE
-- end
  AND e.store_id = w.store_id AND w.store_id = $1
ORDER BY d.created_at DESC, e.position DESC, d.webhook_id LIMIT $6

-- deliveries_of_webhook
-- Deliveries of one webhook with one event and in one state, the newest first, behind a place. The
-- index leads to the moment of the place; few are of the same moment.
SELECT {delivery_columns}
FROM deliveries AS d JOIN events AS e ON e.store_id = d.store_id AND e.id = d.event_id
WHERE d.webhook_id = $1 AND d.event = $2 AND d.state = $3 AND e.store_id = $5
  AND -d.created_at >= $6 AND (-d.created_at > $6 OR d.event_id < $7)
ORDER BY -d.created_at, d.event_id DESC LIMIT $4

-- delivery
-- One delivery of a store, with its webhook and its event.
SELECT {delivery_columns}, {webhook_columns}, {event_columns}
FROM deliveries AS d
JOIN events AS e ON e.store_id = d.store_id AND e.id = d.event_id
JOIN webhooks AS w ON w.store_id = d.store_id AND w.id = d.webhook_id
WHERE d.store_id = $1 AND d.webhook_id = $2 AND d.event_id = $3 AND w.event <> $4

-- customers_of_event
-- The customer of an event that has a body and deliveries, behind the store.
SELECT DISTINCT e.store_id, e.customer_id
FROM deliveries AS d JOIN events AS e ON e.store_id = d.store_id AND e.id = d.event_id
WHERE d.event_id = $1 AND e.customer_id IS NOT NULL AND e.body IS NOT NULL

-- customers_of_dead
-- The customers of the dead deliveries of a range of time, each behind the store.
SELECT DISTINCT e.store_id, e.customer_id
FROM deliveries AS d JOIN events AS e ON e.store_id = d.store_id AND e.id = d.event_id
WHERE d.state = 'dead' AND d.created_at >= $1 AND d.created_at < $2
AND e.customer_id IS NOT NULL AND e.body IS NOT NULL

-- redeliver_event
-- Every delivery of an event is due again, unless its customer was deleted.
UPDATE deliveries SET state = 'pending', attempts = 0, next_at = $2
WHERE event_id = $1 AND {with_body}

-- redeliver
-- One delivery is due again, unless its customer was deleted.
UPDATE deliveries SET state = 'pending', attempts = 0, next_at = $4
WHERE store_id = $1 AND webhook_id = $2 AND event_id = $3 AND {with_body}

-- redeliver_dead
-- The dead deliveries of a range of time are due again, but those of deleted customers.
UPDATE deliveries SET state = 'pending', attempts = 0, next_at = $3
WHERE state = 'dead' AND created_at >= $1 AND created_at < $2 AND {with_body}

-- sealed_webhooks
-- How many headers and secrets of webhooks are sealed under each key, by the id behind the format.
SELECT key_id, count(*) FROM (
  SELECT substr(headers, 2, 4) AS key_id FROM webhooks
  UNION ALL
  SELECT substr(secret, 2, 4) FROM webhooks WHERE secret IS NOT NULL
) AS found
GROUP BY key_id

-- stale_webhooks
-- The next webhooks by id of which something is sealed under another key than this one.
SELECT id, store_id FROM webhooks
WHERE id > $1 AND (substr(headers, 2, 4) <> $2 OR substr(secret, 2, 4) <> $2)
ORDER BY id LIMIT $3

-- lock_sealed_webhooks
-- One webhook, locked until it is sealed again.
SELECT {webhook_columns} FROM webhooks AS w WHERE w.id = $1 AND w.store_id = $2 {for_update}

-- reseal_webhooks
-- The headers and the secret of a webhook, sealed again.
UPDATE webhooks SET headers = $3, secret = $4 WHERE id = $1 AND store_id = $2

-- sealed_events
-- How many bodies of events for one app are sealed under each key, by the id behind the format.
SELECT substr(body, 2, 4) AS key_id, count(*) FROM events
WHERE app_id IS NOT NULL AND body IS NOT NULL GROUP BY key_id

-- stale_events
-- The next events for one app, by number, whose body is sealed under another key than this one.
SELECT number, store_id FROM events
WHERE number > $1 AND app_id IS NOT NULL AND substr(body, 2, 4) <> $2 ORDER BY number LIMIT $3

-- lock_sealed_events
-- One event, locked until it is sealed again.
SELECT {event_columns} FROM events AS e
WHERE e.number = $1 AND e.store_id = $2 AND e.body IS NOT NULL {for_update}

-- reseal_events
-- The body of an event, sealed again.
UPDATE events SET body = $3 WHERE id = $1 AND store_id = $2

-- clear_webhooks
-- Delete the webhooks of a store, or of one app in it, with their deliveries.
DELETE FROM webhooks WHERE store_id = $1 AND app_id = coalesce(CAST($2 AS {id}), app_id)

-- clear_events_of_app
-- Delete the events that were for one app alone.
DELETE FROM events WHERE store_id = $1 AND app_id = $2

-- clear_events
-- Delete events of a store, so many of them, with their deliveries. The sign keeps SQLite from
-- reading every event of the store for each batch.
DELETE FROM events WHERE store_id + 0 = $1 AND number IN (
  SELECT number FROM events WHERE store_id = $1 LIMIT $2
)
