-- The mirror: linked stores, what is known of their customers, slices, checks, and the budget.

-- mirror_store_columns
-- A linked store, in the order of `MirrorStore`.
store_id, address, egress, linked_at, stage, trouble, reason, paused, sequence, total, total_at,
largest_total, zone, calibration, probed_at, backfilled_at, swept_at, sweep_wanted, refused,
guard_since, guard_allowance

-- mirror_stores
-- Every linked store.
SELECT {mirror_store_columns} FROM mirror_stores ORDER BY store_id

-- mirror_store
-- One linked store.
SELECT {mirror_store_columns} FROM mirror_stores WHERE store_id = $1

-- insert_mirror_store
-- Link a store, unless it is linked.
INSERT INTO mirror_stores (store_id, address, egress, linked_at, stage)
VALUES ($1, $2, $3, $4, 'linked') ON CONFLICT DO NOTHING

-- delete_mirror_store
-- Unlink a store, beside which nothing lies any more.
DELETE FROM mirror_stores WHERE store_id = $1

-- pause_mirror
-- Ask for nothing any more, or go on.
UPDATE mirror_stores SET paused = $2 WHERE store_id = $1

-- want_mirror_sweep
-- Let the whole list be read again, or say that it is being read.
UPDATE mirror_stores SET sweep_wanted = $2 WHERE store_id = $1

-- want_mirror_backfill
-- Begin again.
UPDATE mirror_stores SET stage = 'linked', calibration = '' WHERE store_id = $1

-- release_mirror
-- Go on after a halt, with room for every suspect that waits.
UPDATE mirror_stores SET trouble = '', reason = '', guard_since = $2, guard_allowance = (
  SELECT count(*) FROM mirror_checks AS k WHERE k.store_id = $1 AND k.state <> 'hint'
)
WHERE store_id = $1 AND trouble = 'halted'

-- set_mirror_trouble
-- A halted store stays halted until it is released.
UPDATE mirror_stores SET trouble = $2, reason = $3
WHERE store_id = $1 AND (trouble <> $2 OR reason <> $3) AND trouble <> 'halted'

-- clear_mirror_trouble
-- End this trouble and no other.
UPDATE mirror_stores SET trouble = '', reason = ''
WHERE store_id = $1 AND trouble = $2 AND reason = $3

-- next_mirror_sequence
-- The store's next number.
UPDATE mirror_stores SET sequence = sequence + 1 WHERE store_id = $1 RETURNING sequence

-- mirror_customer_columns
-- What is known of a customer, in the order of `MirrorRow`.
id, state, body, created_at, updated_at, sequence, confirmed_at, reading, changed_at

-- mirror_customer
-- What is known of one customer.
SELECT {mirror_customer_columns} FROM mirror_customers WHERE store_id = $1 AND id = $2

-- mirror_customers
-- What is known of the customers of a JSON list of ids.
SELECT {mirror_customer_columns} FROM mirror_customers
WHERE store_id = $1 AND id IN ({listed}) ORDER BY id

-- put_mirror_customer
-- Keep all that is known of a customer.
INSERT INTO mirror_customers (store_id, {mirror_customer_columns})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (store_id, id) DO UPDATE SET
  state = excluded.state, body = excluded.body, created_at = excluded.created_at,
  updated_at = excluded.updated_at, sequence = excluded.sequence,
  confirmed_at = excluded.confirmed_at, reading = excluded.reading,
  changed_at = excluded.changed_at

-- confirm_mirror_customer
-- A customer was seen as it is known.
UPDATE mirror_customers SET sequence = $3, confirmed_at = $4, reading = $5
WHERE store_id = $1 AND id = $2

-- mirror_live_bodies
-- What upstream sent of every customer that it has.
SELECT id, body FROM mirror_customers WHERE store_id = $1 AND state = 'live' ORDER BY id

-- mirror_tombstones
-- The customers that upstream deleted, the latest first, from behind a place.
SELECT id, changed_at FROM mirror_customers
WHERE store_id = $1 AND state = 'gone' AND (changed_at, id) < ($2, $3)
ORDER BY changed_at DESC, id DESC LIMIT $4

-- forget_mirror_bodies
-- Empty the last bodies of those who are gone for longer.
UPDATE mirror_customers SET body = NULL
WHERE state = 'gone' AND body IS NOT NULL AND changed_at < $1

-- erase_mirror_customer
-- Of a person who is erased, only the id stays.
UPDATE mirror_customers SET state = 'erased', body = NULL
WHERE store_id = $1 AND id = $2 AND state <> 'erased'

-- clear_mirror_customers
-- Forget the first customers of a store by id, so many of them.
DELETE FROM mirror_customers WHERE store_id = $1 AND id IN (
  SELECT id FROM mirror_customers WHERE store_id = $1 ORDER BY id LIMIT $2
)

-- return_customer
-- A customer who was deleted is there again.
DELETE FROM deleted_customers WHERE store_id = $1 AND id = $2

-- clear_mirror_slices
-- Forget the slices of a store.
DELETE FROM mirror_slices WHERE store_id = $1

-- clear_mirror_checks
-- Forget the checks of a store.
DELETE FROM mirror_checks WHERE store_id = $1

-- queue_mirror_check
-- Let a customer be asked for at a moment, or at an earlier one if that is so already.
INSERT INTO mirror_checks (store_id, customer_id, due_at, state) VALUES ($1, $2, $3, 'hint')
ON CONFLICT (store_id, customer_id) DO UPDATE SET
  due_at = CASE WHEN mirror_checks.due_at < excluded.due_at THEN mirror_checks.due_at
    ELSE excluded.due_at END

-- mirror_checks_of
-- The checks that wait in a store, in the order in which they are due.
SELECT customer_id, due_at, state, missing_since, attempts FROM mirror_checks
WHERE store_id = $1 ORDER BY due_at, customer_id

-- end_mirror_check
-- A customer was asked for; a suspect is there.
DELETE FROM mirror_checks WHERE store_id = $1 AND customer_id = $2

-- holders_of
-- The other customers with an e-mail or with a mobile.
SELECT id FROM customers WHERE store_id = $1 AND email_key = $3 AND id <> $2
UNION ALL
SELECT id FROM customers
WHERE store_id = $1 AND mobile_code = $4 AND mobile = $5 AND id <> $2

-- end_mirror_checks
-- Those of a list of ids were seen by a request that was sent at a moment: they are no suspects.
-- Those of them who were to be fetched by then have been.
DELETE FROM mirror_checks
WHERE store_id = $1 AND customer_id IN ({listed}) AND (state <> 'hint' OR due_at <= $3)

-- next_mirror_check
-- The check that is due; while the store is halted, none that would end in a tombstone.
-- Those whose moment passes come first.
SELECT customer_id, state, missing_since, attempts FROM mirror_checks
WHERE store_id = $1 AND (due_at <= $2 OR due_at > $3) AND NOT ($4 AND state = 'alive')
ORDER BY
  CASE state WHEN 'alive' THEN 0 WHEN 'missing' THEN 1 WHEN 'hint' THEN 2 ELSE 3 END,
  due_at, customer_id
LIMIT 1

-- next_mirror_moment
-- When the next check or slice of a store is due.
SELECT min(due_at) FROM (
  SELECT min(due_at) AS due_at FROM mirror_checks WHERE store_id = $1
  UNION ALL
  SELECT min(due_at) FROM mirror_slices WHERE store_id = $1 AND state <> 'proven'
) AS due

-- move_mirror_check
-- A check goes on at another moment.
UPDATE mirror_checks SET state = $3, missing_since = $4, attempts = $5, due_at = $6
WHERE store_id = $1 AND customer_id = $2

-- vouch_for_mirror_checks
-- Upstream showed a customer who is there: those missed since a moment are asked for once more.
UPDATE mirror_checks SET state = 'alive', due_at = missing_since + CAST($3 AS {moment})
WHERE store_id = $1 AND state = 'missing' AND missing_since >= $2

-- mirror_witness
-- A customer who was there lately and is no suspect.
SELECT c.id, c.created_at FROM mirror_customers AS c
WHERE c.store_id = $1 AND c.state = 'live' AND c.confirmed_at >= $2 AND NOT EXISTS (
  SELECT 1 FROM mirror_checks AS k
  WHERE k.store_id = c.store_id AND k.customer_id = c.id AND k.state <> 'hint'
)
ORDER BY c.confirmed_at DESC LIMIT 1

-- count_mirror_gone
-- How many were found to be gone since a moment.
SELECT count(*) FROM mirror_customers WHERE store_id = $1 AND state = 'gone' AND changed_at > $2

-- refuse_mirror_suspects
-- Some suspects turned out to be there.
UPDATE mirror_stores SET refused = refused + $2 WHERE store_id = $1

-- count_mirror_customers
-- How many customers that upstream still has were created within some moments.
SELECT count(*) FROM mirror_customers
WHERE store_id = $1 AND created_at >= $2 AND created_at < $3 AND state <> 'gone'

-- oldest_mirror_customer
-- The first moment at which a customer was created.
SELECT min(created_at) FROM mirror_customers WHERE store_id = $1

-- count_mirror_reading
-- How many customers, created within some moments, were seen since a reading began.
SELECT count(*) FROM mirror_customers
WHERE store_id = $1 AND created_at >= $2 AND created_at < $3 AND state <> 'gone' AND reading >= $4

-- suspect_mirror_customers
-- Those whom a reading should have seen and did not, unless they were fetched since it began.
INSERT INTO mirror_checks (store_id, customer_id, due_at, state)
SELECT store_id, id, CAST($5 AS {moment}), 'suspect' FROM mirror_customers
WHERE store_id = $1 AND created_at >= $2 AND created_at < $3 AND state = 'live'
AND reading < $4 AND sequence < $4
ON CONFLICT (store_id, customer_id) DO UPDATE SET
  state = 'suspect', due_at = excluded.due_at, attempts = 0
WHERE mirror_checks.state = 'hint'

-- note_mirror_list
-- What a list told of its days and its length.
UPDATE mirror_stores SET
  zone = CASE WHEN zone = '' THEN $2 ELSE zone END,
  largest_total = CASE WHEN largest_total < $3 THEN $3 ELSE largest_total END
WHERE store_id = $1

-- note_mirror_total
-- How many customers upstream has.
UPDATE mirror_stores SET total = $2, largest_total = $2, total_at = $3 WHERE store_id = $1

-- calibrate_mirror
-- Whether the days of lists can be trusted.
UPDATE mirror_stores SET calibration = $2 WHERE store_id = $1

-- begin_mirror_run
-- A stage begins.
UPDATE mirror_stores SET stage = $2 WHERE store_id = $1

-- end_mirror_backfill
-- All was read for the first time.
UPDATE mirror_stores SET stage = 'live', backfilled_at = $2 WHERE store_id = $1

-- end_mirror_sweep
-- All was read again.
UPDATE mirror_stores SET swept_at = $2, sweep_wanted = FALSE WHERE store_id = $1

-- begin_mirror_probe
-- The total is asked for.
UPDATE mirror_stores SET probed_at = $2 WHERE store_id = $1

-- lease_mirror
-- Let one worker work for a store, if no other does.
UPDATE mirror_stores SET worker = $2, worker_until = $3
WHERE store_id = $1 AND (worker = $2 OR worker_until < $4 OR worker_until > $5)

-- mirror_slice_columns
-- A slice, in the order of `Slice`.
number, run, first_day, last_day, state, total, next_page, reading, begun_at, attempts, due_at

-- mirror_slices
-- The slices of a store.
SELECT {mirror_slice_columns} FROM mirror_slices WHERE store_id = $1 ORDER BY number

-- mirror_slice_states
-- How many slices of a store are in each state.
SELECT run, state, count(*) FROM mirror_slices WHERE store_id = $1
GROUP BY run, state ORDER BY run, state

-- next_mirror_slice
-- The slice of a run to work on: all are counted before one is read.
SELECT {mirror_slice_columns} FROM mirror_slices
WHERE store_id = $1 AND run = $2 AND state <> 'proven' AND (due_at <= $3 OR due_at > $4)
ORDER BY CASE state WHEN 'counted' THEN 2 WHEN 'reading' THEN 1 ELSE 0 END, number LIMIT 1

-- open_mirror_slices
-- How many slices of a run are not proven yet.
SELECT count(*) FROM mirror_slices WHERE store_id = $1 AND run = $2 AND state <> 'proven'

-- mirror_day_slices
-- The slices that are read for a day.
SELECT number FROM mirror_slices
WHERE store_id = $1 AND run = 'day' AND first_day = $2 AND last_day = $2

-- mirror_slice_totals
-- How many customers the slices of a run hold.
SELECT state, coalesce(total, 0) FROM mirror_slices WHERE store_id = $1 AND run = $2

-- mirror_slice_before
-- A counted slice that ends on a day, and holds no more than so many.
SELECT number, first_day, total FROM mirror_slices
WHERE store_id = $1 AND run = $2 AND last_day = $3 AND state = 'counted' AND total <= $4

-- join_mirror_slice
-- A slice begins earlier.
UPDATE mirror_slices SET first_day = $3, total = $4, next_page = $5
WHERE store_id = $1 AND number = $2

-- remove_mirror_slice
-- A slice is a part of another one now.
DELETE FROM mirror_slices WHERE store_id = $1 AND number = $2

-- insert_mirror_slice
-- A slice, behind all others.
INSERT INTO mirror_slices (store_id, number, run, first_day, last_day, state, due_at)
SELECT CAST($1 AS {id}), coalesce(max(number), 0) + 1, $2, $3, $4, $5, CAST($6 AS {moment})
FROM mirror_slices WHERE store_id = $1

-- update_mirror_slice
-- A slice goes on, if it is as it was when the worker took it.
UPDATE mirror_slices SET
  run = $7, first_day = $8, last_day = $9, state = $10, total = $11, next_page = $12,
  reading = $13, begun_at = $14, attempts = $15, due_at = $16
WHERE store_id = $1 AND number = $2 AND state = $3 AND next_page = $4 AND reading = $5
AND attempts = $6

-- delete_mirror_slice
-- A slice is done with, if it is as it was when the worker took it.
DELETE FROM mirror_slices
WHERE store_id = $1 AND number = $2 AND state = $3 AND next_page = $4 AND reading = $5
AND attempts = $6

-- clear_mirror_run
-- Forget the slices of a run.
DELETE FROM mirror_slices WHERE store_id = $1 AND run = $2

-- insert_mirror_budget
-- The budget of an egress address, if there is none.
INSERT INTO mirror_budgets (egress, empty_until) VALUES ($1, 0) ON CONFLICT DO NOTHING

-- lock_mirror_budget
-- Lock the budget of an egress address until the transaction ends.
SELECT empty_until FROM mirror_budgets WHERE egress = $1 {for_update}

-- empty_mirror_budget
-- Let no request out until a moment.
UPDATE mirror_budgets SET empty_until = $2 WHERE egress = $1

-- forget_mirror_requests
-- Forget the requests of an egress address that are older than its window.
DELETE FROM mirror_requests WHERE egress = $1 AND at <= $2

-- recall_mirror_requests
-- Count requests of the future as requests of now.
UPDATE mirror_requests SET at = $2 WHERE egress = $1 AND at > $2

-- insert_mirror_request
-- Count a request.
INSERT INTO mirror_requests (egress, lane, at) VALUES ($1, $2, $3)

-- mirror_window
-- The requests of a window by lane.
SELECT lane, count(*), min(at), max(at) FROM mirror_requests WHERE egress = $1 GROUP BY lane

-- mirror_budget_used
-- How many requests an egress address has sent since a moment, and until when its budget is empty.
SELECT (SELECT count(*) FROM mirror_requests WHERE egress = $1 AND at > $2), empty_until
FROM mirror_budgets WHERE egress = $1

-- mirror_budget_by_lane
-- How many requests an egress address has sent since a moment, by lane.
SELECT lane, count(*) FROM mirror_requests WHERE egress = $1 AND at > $2 GROUP BY lane

-- want_mirror_budget
-- A lane waits.
INSERT INTO mirror_wants (egress, lane, at) VALUES ($1, $2, $3)
ON CONFLICT (egress, lane) DO UPDATE SET at = excluded.at

-- end_mirror_want
-- A lane waits no more.
DELETE FROM mirror_wants WHERE egress = $1 AND lane = $2

-- mirror_wants_since
-- The lanes that wait since a moment or later.
SELECT lane FROM mirror_wants WHERE egress = $1 AND at > $2

-- add_mirror_sample
-- Keep how fresh and how complete a store is at a moment.
INSERT INTO mirror_history (store_id, at, held, total, oldest_confirmed_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING

-- mirror_samples
-- The figures of a store since a moment, the oldest first.
SELECT at, held, total, oldest_confirmed_at FROM mirror_history
WHERE store_id = $1 AND at >= $2 ORDER BY at

-- last_mirror_sample
-- When the last figures of a store were kept.
SELECT max(at) FROM mirror_history WHERE store_id = $1

-- forget_mirror_history
-- Delete figures of before a moment.
DELETE FROM mirror_history WHERE at < $1

-- clear_mirror_history
-- Delete the figures of a store.
DELETE FROM mirror_history WHERE store_id = $1

-- mirror_link_columns
-- The columns of a link; the sealed ones stand last.
store_id, accounts, merchant, client_id, pair, received_at, expires_at, spent_at, client_secret,
webhook_secret, access, refresh

-- mirror_link
-- The link of one store.
SELECT {mirror_link_columns} FROM mirror_links WHERE store_id = $1

-- put_mirror_link
-- Store a link in place of an earlier one of the store, with the next pair of tokens.
INSERT INTO mirror_links (
  store_id, accounts, merchant, client_id, pair, received_at, expires_at, client_secret,
  webhook_secret, access, refresh
)
VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10)
ON CONFLICT (store_id) DO UPDATE SET
  accounts = excluded.accounts, merchant = excluded.merchant, client_id = excluded.client_id, pair = mirror_links.pair + 1,
  received_at = excluded.received_at, expires_at = excluded.expires_at, spent_at = NULL,
  client_secret = excluded.client_secret, webhook_secret = excluded.webhook_secret,
  access = excluded.access, refresh = excluded.refresh

-- spend_mirror_token
-- Mark the refresh token of a pair as sent, if it was not.
UPDATE mirror_links SET spent_at = $3
WHERE store_id = $1 AND pair = $2 AND refresh IS NOT NULL AND spent_at IS NULL

-- unspend_mirror_token
-- Take back the mark that a process set at a moment.
UPDATE mirror_links SET spent_at = NULL WHERE store_id = $1 AND pair = $2 AND spent_at = $3

-- replace_mirror_tokens
-- Store the pair that the refresh token of a pair brought.
UPDATE mirror_links
SET pair = pair + 1, received_at = $3, expires_at = $4, access = $5, refresh = $6, spent_at = NULL
WHERE store_id = $1 AND pair = $2

-- put_mirror_webhook_secret
-- Replace the secret of the webhooks that a store hears.
UPDATE mirror_links SET webhook_secret = $2 WHERE store_id = $1

-- forget_mirror_link
-- Delete the link of a store.
DELETE FROM mirror_links WHERE store_id = $1

-- sealed_mirror_links
-- How many tokens and secrets of links are sealed under each key, by the id behind the format.
SELECT key_id, count(*) FROM (
  SELECT substr(access, 2, 4) AS key_id FROM mirror_links
  UNION ALL
  SELECT substr(refresh, 2, 4) FROM mirror_links WHERE refresh IS NOT NULL
  UNION ALL
  SELECT substr(client_secret, 2, 4) FROM mirror_links WHERE client_secret IS NOT NULL
  UNION ALL
  SELECT substr(webhook_secret, 2, 4) FROM mirror_links WHERE webhook_secret IS NOT NULL
) AS found
GROUP BY key_id

-- stale_mirror_links
-- The next links by store of which something is sealed under another key than this one.
SELECT store_id FROM mirror_links
WHERE store_id > $1 AND (
  substr(access, 2, 4) <> $2 OR substr(refresh, 2, 4) <> $2
  OR substr(client_secret, 2, 4) <> $2 OR substr(webhook_secret, 2, 4) <> $2
)
ORDER BY store_id LIMIT $3

-- lock_sealed_mirror_links
-- One link, locked until it is sealed again.
SELECT {mirror_link_columns} FROM mirror_links WHERE store_id = $1 {for_update}

-- reseal_mirror_links
-- The tokens and secrets of a link, sealed again.
UPDATE mirror_links SET client_secret = $2, webhook_secret = $3, access = $4, refresh = $5
WHERE store_id = $1

-- add_mirror_shape
-- Store a shape, unless the store has shown it before.
INSERT INTO mirror_shapes (store_id, endpoint, digest, shape, first_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING

-- mirror_shapes
-- The shapes of a store, the oldest first.
SELECT endpoint, shape, first_at FROM mirror_shapes WHERE store_id = $1
ORDER BY first_at, endpoint, digest

-- clear_mirror_shapes
-- Delete the shapes of a store.
DELETE FROM mirror_shapes WHERE store_id = $1

-- hear_mirror_webhook
-- Store a body, unless the store has heard the same one before.
INSERT INTO mirror_heard (store_id, digest, sequence, heard_at, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (store_id, digest) DO NOTHING

-- waiting_mirror_webhooks
-- Bodies of a store that wait to be worked, the oldest first.
SELECT number, store_id, sequence, heard_at, body FROM mirror_heard
WHERE store_id = $1 AND body IS NOT NULL ORDER BY number LIMIT $2

-- empty_mirror_webhook
-- Empty a body that was worked; its digest stays, to know the same one again.
UPDATE mirror_heard SET body = NULL WHERE store_id = $1 AND number = $2

-- forget_mirror_webhooks
-- Delete what was heard before a moment and was worked.
DELETE FROM mirror_heard WHERE heard_at < $1 AND body IS NULL

-- erase_mirror_webhooks_like
-- Empty bodies that wait, in which a value of an erased person stands.
UPDATE mirror_heard SET body = NULL WHERE store_id = $1 AND lower(body) LIKE $2 ESCAPE '!'

-- clear_mirror_webhooks
-- Delete everything that a store heard.
DELETE FROM mirror_heard WHERE store_id = $1

-- sample_mirror_customers
-- Some customers of a store, each as likely as any other.
SELECT id FROM mirror_customers WHERE store_id = $1 AND state = 'live' ORDER BY random() LIMIT $2

-- oldest_mirror_confirmation
-- When the customer was confirmed who was confirmed longest ago.
SELECT min(confirmed_at) FROM mirror_customers WHERE store_id = $1 AND state = 'live'

-- count_mirror_checks
-- How many customers wait to be asked for.
SELECT count(*) FROM mirror_checks WHERE store_id = $1
