-- Events and their feed, webhooks, deliveries.

-- event_columns
-- An event, in the order of `Event`.
e.id, e.store_id, e.name, e.at, e.body, e.customer_id, e.app_id

-- insert_event
-- Something happened.
INSERT INTO events (id, store_id, name, at, body, customer_id, app_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- any_new_event
-- Whether one waits for its position.
SELECT id FROM events WHERE position IS NULL LIMIT 1

-- new_events
-- The first of them that were written, whatever their clocks said.
SELECT {event_columns} FROM events AS e WHERE e.position IS NULL ORDER BY e.number LIMIT $1

-- feed
-- The largest position that was ever given, and the one up to which events were dropped.
SELECT newest, dropped FROM feed WHERE id = 1

-- lock_feed
-- One process at a time gives positions, until its transaction ends; the largest that was given.
SELECT newest FROM feed WHERE id = 1 {for_update}

-- position_event
-- A position is given once.
UPDATE events SET position = $2 WHERE id = $1

-- advance_feed
-- Positions were given up to this one.
UPDATE feed SET newest = $1 WHERE id = 1

-- changes
-- The events of a store behind a position.
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
-- Those with one of some names, a JSON list.
SELECT e.position, {event_columns} FROM events AS e
WHERE e.store_id = $1 AND e.position > $2 AND e.app_id IS NULL AND {listed_name}
ORDER BY e.position LIMIT $3

-- drop_feed
-- Events are dropped from before a moment, and positions with them. It never goes back: positions
-- do not follow the moments, for whoever wrote first may have committed last.
UPDATE feed SET dropped = (
  SELECT max(gone.position) FROM (
    SELECT position FROM events WHERE at < $1 UNION ALL SELECT dropped FROM feed
  ) AS gone
) WHERE id = 1

-- expire_deliveries
-- What could not be delivered before its event grew old is given up, from this moment on.
UPDATE deliveries SET state = 'dead', error = $2, next_at = $3
WHERE state = 'pending' AND event_id IN (SELECT id FROM events WHERE at < $1)

-- dropped_events
-- Those from before a moment of which nothing is pending, or was given up for its age since then.
SELECT e.id FROM events AS e WHERE e.at < $1 AND e.position IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM deliveries AS d
  WHERE d.event_id = e.id
    AND (d.state = 'pending' OR (d.state = 'dead' AND d.error = $2 AND d.next_at >= $1))
)

-- drop_deliveries
-- What was to be delivered of them.
DELETE FROM deliveries WHERE event_id IN ({dropped_events})

-- drop_events
-- The events themselves.
DELETE FROM events WHERE id IN ({dropped_events})

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
-- The webhook of an app in a store that has this address and this event.
SELECT {webhook_columns} FROM webhooks AS w
WHERE w.store_id = $1 AND w.app_id = $2 AND w.url = $3 AND w.event = $4

-- webhook_page
-- Some webhooks of an app in a store, behind the count of all; no page is one row with the count.
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
-- Those in a store that are told of an event; none of them can go until the transaction ends.
SELECT {webhook_columns} FROM webhooks AS w
WHERE w.store_id = $1 AND w.event = $2 ORDER BY w.id {for_key_share}

-- insert_webhook
-- A new webhook.
INSERT INTO webhooks (
  id, store_id, app_id, name, event, url, version, rule, headers, strategy, secret, created_at,
  failing_since, paused
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- update_webhook
-- All of a webhook but whose it is; the arguments are those of insert_webhook.
UPDATE webhooks SET
  name = $4, event = $5, url = $6, version = $7, rule = $8, headers = $9, strategy = $10,
  secret = $11, created_at = $12, failing_since = $13, paused = $14
WHERE id = $1 AND store_id = $2 AND app_id = $3

-- delete_webhook
-- One webhook of an app in a store; its deliveries go with it.
DELETE FROM webhooks WHERE store_id = $1 AND app_id = $2 AND id = $3 AND event <> $4

-- delete_webhooks_at
-- All of them with one address.
DELETE FROM webhooks WHERE store_id = $1 AND app_id = $2 AND url = $3 AND event <> $4

-- delete_webhooks_of_app
-- All that an app subscribed to in a store.
DELETE FROM webhooks WHERE store_id = $1 AND app_id = $2 AND event <> $3

-- insert_delivery
-- An event is to be told; once for each webhook.
INSERT INTO deliveries (webhook_id, event_id, state, created_at, next_at)
VALUES ($1, $2, 'pending', $3, $3) ON CONFLICT DO NOTHING

-- webhooks_due
-- Webhooks that have something to be sent.
SELECT {webhook_columns} FROM webhooks AS w
WHERE w.paused IS NULL AND EXISTS (
  SELECT 1 FROM deliveries AS d
  WHERE d.webhook_id = w.id AND d.state = 'pending' AND d.next_at <= $1
)
ORDER BY w.id

-- deliveries_due
-- The next of one webhook; what another process is about to claim is left to it.
SELECT {event_columns}, d.attempts
FROM deliveries AS d JOIN events AS e ON e.id = d.event_id
WHERE d.webhook_id = $1 AND d.state = 'pending' AND d.next_at <= $2
ORDER BY d.next_at, e.position LIMIT $3
-- only postgres
FOR UPDATE OF d SKIP LOCKED
-- end

-- lease_delivery
-- Nobody else sends it until then.
UPDATE deliveries SET next_at = $3, attempts = attempts + 1 WHERE webhook_id = $1 AND event_id = $2

-- finish_delivery
-- What an attempt came to, unless it was begun again meanwhile.
UPDATE deliveries SET state = $3, status = $4, error = $5, next_at = $6
WHERE webhook_id = $1 AND event_id = $2 AND attempts = $7 AND state = 'pending'

-- webhook_answers
-- It works.
UPDATE webhooks SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL

-- webhook_fails
-- It does not; the first time stands.
UPDATE webhooks SET failing_since = coalesce(failing_since, $2), paused = coalesce(paused, $3)
WHERE id = $1

-- resume_webhook
-- It is tried again.
UPDATE webhooks SET failing_since = NULL, paused = NULL WHERE id = $1

-- delivery_columns
-- A delivery, in the order of `Delivery`.
d.webhook_id, d.event_id, e.store_id, e.name, d.state, d.attempts, d.created_at, d.next_at,
d.status, d.error

-- all_deliveries
-- Deliveries, newest first; of one store and in one state where those are named.
SELECT {delivery_columns} FROM deliveries AS d JOIN events AS e ON e.id = d.event_id
WHERE ($1 = 0 OR e.store_id = $1) AND ($2 = '' OR d.state = $2)
ORDER BY d.created_at DESC, d.event_id, d.webhook_id LIMIT $3

-- deliveries_of_app
-- Deliveries to an app's webhooks in a store but that of its installs, newest first.
-- Of one event and in one state where those are named.
SELECT {delivery_columns}, {webhook_columns}, {event_columns}
FROM deliveries AS d
JOIN webhooks AS w ON w.id = d.webhook_id
JOIN events AS e ON e.store_id = w.store_id AND e.id = d.event_id
WHERE w.store_id = $1 AND w.app_id = $2 AND w.event <> $3
  AND ($4 = '' OR e.name = $4) AND ($5 = '' OR d.state = $5)
ORDER BY d.created_at DESC, e.position DESC, d.webhook_id LIMIT $6

-- redeliver_event
-- Everything of one event is due again.
UPDATE deliveries SET state = 'pending', attempts = 0, next_at = $2 WHERE event_id = $1

-- redeliver_dead
-- What is dead and was made in a range is due again.
UPDATE deliveries SET state = 'pending', attempts = 0, next_at = $3
WHERE state = 'dead' AND created_at >= $1 AND created_at < $2
