-- The rights of persons: erasures, holds, requests, and what is kept of one person.

-- known_of_customers
-- What recognises the next customers of a store.
SELECT c.id, c.mobile_code, c.mobile, c.email_key, c.created_at FROM customers AS c
WHERE c.store_id = $1 AND c.id > $2 ORDER BY c.id LIMIT $3

-- lock_open_imports
-- The files that are being imported: the worker of each waits until the transaction ends.
SELECT id FROM imports
WHERE store_id = $1 AND state IN ('queued', 'running') ORDER BY id {for_update}

-- import_batches_after
-- The next rows of a store's files.
SELECT import_id, number, content FROM import_batches
WHERE store_id = $1 AND (import_id > $2 OR (import_id = $2 AND number > $3))
ORDER BY import_id, number LIMIT $4

-- update_import_batch
-- Rows of a file, without those of a person.
UPDATE import_batches SET content = $4 WHERE store_id = $1 AND import_id = $2 AND number = $3

-- shrink_import
-- Count rows of a file, their bytes, and those of refused ones, out of it.
UPDATE imports SET
  row_count = row_count - $3, size = size - $4, rejects_size = rejects_size - $5
WHERE store_id = $1 AND id = $2

-- import_rejects_after
-- The next refused rows of a store's files.
SELECT import_id, line, reason, cells FROM import_rejects
WHERE store_id = $1 AND (import_id > $2 OR (import_id = $2 AND line > $3))
ORDER BY import_id, line LIMIT $4

-- delete_import_reject
-- Delete a refused row.
DELETE FROM import_rejects WHERE store_id = $1 AND import_id = $2 AND line = $3

-- forget_created_customer
-- Take a customer out of the lists of the files that created it.
DELETE FROM import_created WHERE store_id = $1 AND customer_id = $2

-- empty_import_names
-- Empty the names of a store's files that hold a text: a pattern of LIKE.
UPDATE imports SET name = '' WHERE store_id = $1 AND lower(name) LIKE $2 ESCAPE '!'

-- erase_idempotency_keys
-- Delete the keys of requests whose result is a customer.
DELETE FROM idempotency_keys WHERE store_id = $1 AND result = $2

-- erase_idempotency_keys_like
-- Delete the keys that hold a text: a pattern of LIKE.
DELETE FROM idempotency_keys WHERE store_id = $1 AND lower(idempotency_key) LIKE $2 ESCAPE '!'

-- erase_events_like
-- Delete the bodies of a store's events of no customer that hold a text: a pattern of LIKE.
UPDATE events SET body = NULL
WHERE store_id = $1 AND customer_id IS NULL AND body IS NOT NULL
-- only sqlite
AND lower(CAST(body AS TEXT)) LIKE $2 ESCAPE '!'
-- only postgres
AND lower(encode(body, 'escape')) LIKE $2 ESCAPE '!'
-- end

-- hold_columns
-- A hold, in the order of `Hold`.
store_id, customer_id, reason, begun_at, ends_at

-- hold
-- The hold on one customer.
SELECT {hold_columns} FROM holds WHERE store_id = $1 AND customer_id = $2

-- holds
-- Every hold of one store, the earliest end first.
SELECT {hold_columns} FROM holds WHERE store_id = $1 ORDER BY ends_at, customer_id

-- set_hold
-- Set a hold on a customer of a store, in place of an earlier one.
INSERT INTO holds (store_id, customer_id, reason, begun_at, ends_at)
SELECT c.store_id, c.id, CAST($3 AS TEXT), CAST($4 AS {moment}), CAST($5 AS {moment})
FROM customers AS c WHERE c.store_id = $1 AND c.id = $2
ON CONFLICT (store_id, customer_id) DO UPDATE SET
  reason = excluded.reason, begun_at = excluded.begun_at, ends_at = excluded.ends_at

-- end_hold
-- Let a hold end, if it has not ended.
UPDATE holds SET ends_at = $3 WHERE store_id = $1 AND customer_id = $2 AND ends_at > $3

-- person_requests
-- Every request of one store: the open ones first, by the moment when they are due.
SELECT store_id, id, customer_id, kind, opened_at, due_at, closed_at, outcome
FROM privacy_requests WHERE store_id = $1 ORDER BY closed_at IS NOT NULL, due_at, id

-- customer_of_request
-- The customer whom a request is about.
SELECT customer_id FROM privacy_requests WHERE store_id = $1 AND id = $2

-- insert_person_request
-- A new request of a customer, who may be deleted by now.
INSERT INTO privacy_requests (store_id, id, customer_id, kind, opened_at, due_at)
SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (
  SELECT 1 FROM customers AS c WHERE c.store_id = $1 AND c.id = $3
) OR EXISTS (
  SELECT 1 FROM deleted_customers AS d WHERE d.store_id = $1 AND d.id = $3
)

-- close_person_request
-- Close an open request.
UPDATE privacy_requests SET outcome = $3, closed_at = $4
WHERE store_id = $1 AND id = $2 AND closed_at IS NULL

-- groups_of_person
-- The groups of a customer by name, and by which source the customer is in each.
SELECT g.id, g.name, m.source FROM customers AS c
JOIN memberships AS m ON m.store_id = c.store_id AND m.member = {member_key}
JOIN customer_groups AS g ON g.store_id = $1 AND g.id = m.group_id
WHERE c.store_id = $1 AND c.id = $2 ORDER BY g.id, m.source

-- wallet_of_person
-- The movements of a customer's wallet, with the app of each.
SELECT e.number, e.amount, e.balance, a.name, e.at FROM wallet_entries AS e
LEFT JOIN apps AS a ON a.id = e.app_id
WHERE e.store_id = $1 AND e.customer_id = $2 ORDER BY e.number

-- points_of_person
-- The movements of a customer's points, with the app of each.
SELECT e.number, e.points, e.balance, e.reason, a.name, e.at FROM loyalty_entries AS e
LEFT JOIN apps AS a ON a.id = e.app_id
WHERE e.store_id = $1 AND e.customer_id = $2 ORDER BY e.number

-- events_of_person
-- The events of a customer, with their bodies.
SELECT e.id, e.name, e.at, e.body, e.app_id FROM events AS e
WHERE e.store_id = $1 AND e.customer_id = $2 ORDER BY e.number

-- deliveries_of_person
-- The deliveries of a customer's events, with the app and the address of each.
SELECT a.name, w.url, e.name, d.state, d.attempts, d.created_at, d.status
FROM events AS e JOIN deliveries AS d ON d.store_id = e.store_id AND d.event_id = e.id
JOIN webhooks AS w ON w.store_id = $1 AND w.id = d.webhook_id JOIN apps AS a ON a.id = w.app_id
WHERE e.store_id = $1 AND e.customer_id = $2 ORDER BY e.number, w.id

-- sent_by_webhook
-- The deliveries of a webhook that were made in a time, counted for each customer.
-- They are those that were acknowledged, those that were tried and may have been read, and those
-- that wait.
SELECT
  e.customer_id,
  sum(CASE WHEN d.state = 'done' THEN 1 ELSE 0 END),
  sum(CASE WHEN d.state NOT IN ('done', 'captured') AND d.attempts > 0 THEN 1 ELSE 0 END),
  sum(CASE WHEN d.state = 'pending' AND d.attempts = 0 THEN 1 ELSE 0 END)
FROM deliveries AS d JOIN events AS e ON e.store_id = d.store_id AND e.id = d.event_id
WHERE d.webhook_id = $2 AND e.store_id + 0 = $1 AND d.created_at >= $3 AND d.created_at < $4
GROUP BY e.customer_id ORDER BY e.customer_id

-- idempotency_keys_of_person
-- The keys of requests whose result is a customer.
SELECT a.name, k.idempotency_key, k.done_at FROM idempotency_keys AS k
JOIN apps AS a ON a.id = k.app_id WHERE k.store_id = $1 AND k.result = $2 ORDER BY k.done_at

-- imports_of_person
-- The files that created a customer, while that is known.
SELECT i.id, i.name, i.created_at FROM imports AS i
JOIN import_created AS c ON c.store_id = i.store_id AND c.import_id = i.id
WHERE i.store_id = $1 AND c.customer_id = $2 ORDER BY i.created_at

-- clear_erasures
-- Forget who was erased from a store.
DELETE FROM erasures WHERE store_id = $1

-- clear_holds
-- Delete the holds of a store.
DELETE FROM holds WHERE store_id = $1

-- clear_person_requests
-- Delete the requests of a store's customers.
DELETE FROM privacy_requests WHERE store_id = $1

-- inactive_customers
-- The next customers by id that nobody changed since a moment, the third argument.
-- Each has the latest of what happened to it, and whether a hold is on it at the fourth argument.
SELECT c.id,
-- only sqlite
  max(
-- only postgres
  greatest(
-- end
    c.updated_at, coalesce(c.latest_purchase, 0),
    coalesce((
      SELECT max(w.at) FROM wallet_entries AS w
      WHERE w.store_id = c.store_id AND w.customer_id = c.id
    ), 0),
    coalesce((
      SELECT max(l.at) FROM loyalty_entries AS l
      WHERE l.store_id = c.store_id AND l.customer_id = c.id
    ), 0)
  ),
  c.wallet_balance,
  EXISTS (
    SELECT 1 FROM holds AS h
    WHERE h.store_id = c.store_id AND h.customer_id = c.id AND h.begun_at <= $4 AND h.ends_at > $4
  )
FROM customers AS c
WHERE c.store_id = $1 AND c.id > $2 AND c.updated_at < $3 ORDER BY c.id LIMIT $5
