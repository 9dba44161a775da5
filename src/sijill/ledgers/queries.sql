-- Wallets and loyalty points: a balance on the customer, and a ledger of entries behind it.

-- wallet
-- A wallet's balance, and the number and balance of its ledger's last line; NULL before the first.
SELECT c.wallet_balance, e.number, e.balance
FROM customers AS c
LEFT JOIN (
  SELECT number, balance FROM wallet_entries
  WHERE store_id = $1 AND customer_id = $2 ORDER BY number DESC LIMIT 1
) AS e ON TRUE
WHERE c.store_id = $1 AND c.id = $2

-- wallet_entry
-- One line of a wallet's ledger, and when the wallet was opened: with its first line.
SELECT e.amount, e.balance, e.at, opening.at
FROM wallet_entries AS e
JOIN wallet_entries AS opening
  ON opening.store_id = e.store_id AND opening.customer_id = e.customer_id AND opening.number = 1
WHERE e.store_id = $1 AND e.customer_id = $2 AND e.number = $3

-- insert_wallet_entry
-- A new line of a wallet's ledger.
INSERT INTO wallet_entries (store_id, customer_id, number, amount, balance, app_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- set_wallet_balance
-- The balance of a wallet.
UPDATE customers SET wallet_balance = $3 WHERE store_id = $1 AND id = $2

-- points_page
-- Lines of a ledger, newest first, each behind the count of all. An empty page is one row with the
-- count and nothing else.
SELECT
  (SELECT count(*) FROM loyalty_entries AS n
    WHERE n.store_id = c.store_id AND n.customer_id = c.id),
  e.number, e.points, e.reason, e.at
FROM customers AS c
LEFT JOIN (
  SELECT number, points, reason, at FROM loyalty_entries
  WHERE store_id = $1 AND customer_id = $2 ORDER BY number DESC LIMIT $3 OFFSET $4
) AS e ON TRUE
WHERE c.store_id = $1 AND c.id = $2
ORDER BY e.number DESC

-- hold_points
-- Lock some customers until the transaction ends. The row is their number, their last id, and the
-- least and the most points among them.
SELECT count(*), max(id), min(total_points), max(total_points)
FROM (
  SELECT id, total_points FROM customers
  WHERE store_id = $1 AND id >= $2 AND id <= $3 ORDER BY id LIMIT $4 {for_update}
) AS held

-- append_points
-- A line for each customer whose points change to $4 times what they are, and $5 more.
INSERT INTO loyalty_entries (
  store_id, customer_id, number, points, balance, reason, app_id, at
)
SELECT
  c.store_id, c.id,
  (SELECT coalesce(max(e.number), 0) + 1 FROM loyalty_entries AS e
    WHERE e.store_id = c.store_id AND e.customer_id = c.id),
  c.total_points * CAST($4 AS BIGINT) + CAST($5 AS BIGINT) - c.total_points,
  c.total_points * CAST($4 AS BIGINT) + CAST($5 AS BIGINT),
  CAST($6 AS TEXT), CAST($7 AS BIGINT), CAST($8 AS BIGINT)
FROM customers AS c
WHERE c.store_id = $1 AND c.id >= $2 AND c.id <= $3
  AND c.total_points <> c.total_points * CAST($4 AS BIGINT) + CAST($5 AS BIGINT)

-- set_points
-- The points of each customer, from the last line of the ledger.
UPDATE customers SET total_points = (
  SELECT e.balance FROM loyalty_entries AS e
  WHERE e.store_id = customers.store_id AND e.customer_id = customers.id
  ORDER BY e.number DESC LIMIT 1
)
WHERE store_id = $1 AND id >= $2 AND id <= $3 AND EXISTS (
  SELECT 1 FROM loyalty_entries AS e
  WHERE e.store_id = customers.store_id AND e.customer_id = customers.id
)

-- insert_points_entry
-- A line for points that were written with the customer.
INSERT INTO loyalty_entries (
  store_id, customer_id, number, points, balance, reason, app_id, at
)
SELECT
  CAST($1 AS BIGINT), CAST($2 AS BIGINT), coalesce(max(e.number), 0) + 1,
  CAST($3 AS BIGINT), CAST($4 AS BIGINT), '', NULL, CAST($5 AS BIGINT)
FROM loyalty_entries AS e WHERE e.store_id = $1 AND e.customer_id = $2

-- detach_wallet_entries
-- Forget that an app moved money in a store: what was moved stays.
UPDATE wallet_entries SET app_id = NULL WHERE store_id = $1 AND app_id = $2

-- detach_loyalty_entries
-- The same for points.
UPDATE loyalty_entries SET app_id = NULL WHERE store_id = $1 AND app_id = $2
