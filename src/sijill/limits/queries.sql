-- Requests by store, app and ten minutes.

-- add_limit_usage
-- Add requests to a row, or begin it, unless the store or the app is gone.
INSERT INTO limit_usage (store_id, began_at, app_id, customers, passed, refused)
SELECT s.id, $2, a.id, $4, $5, $6 FROM stores AS s, apps AS a WHERE s.id = $1 AND a.id = $3
ON CONFLICT (store_id, began_at, app_id, customers) DO UPDATE SET
  passed = limit_usage.passed + excluded.passed, refused = limit_usage.refused + excluded.refused

-- limit_usage_in_parts
-- The requests of a store since a moment, by app and part of equal length, in microseconds.
SELECT
  app_id, (began_at - $3) / $4 AS part,
  CAST(sum(passed) AS {number}) AS passed, CAST(sum(refused) AS {number}) AS refused
FROM limit_usage WHERE store_id = $1 AND customers = $2 AND began_at >= $3
GROUP BY app_id, part ORDER BY app_id, part

-- apps_of_limit_usage
-- The apps that have rows in a store, those with the most requests first.
SELECT app_id FROM limit_usage WHERE store_id = $1
GROUP BY app_id ORDER BY sum(passed + refused) DESC, app_id

-- first_limit_usage
-- When the oldest row of a store began.
SELECT min(began_at) FROM limit_usage WHERE store_id = $1

-- forget_limit_usage
-- Delete the rows that are older, of every store.
DELETE FROM limit_usage WHERE began_at < $1

-- clear_limit_usage
-- Delete the rows of a store, or of one app in it.
DELETE FROM limit_usage WHERE store_id = $1 AND app_id = coalesce(CAST($2 AS {id}), app_id)
