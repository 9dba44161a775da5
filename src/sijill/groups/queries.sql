-- Customer groups, their members, and the evaluation of their conditions.

-- listed
-- The numbers of a JSON list that is the second argument.
-- only sqlite
SELECT value FROM json_each($2)
-- only postgres
SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON))
-- end

-- memberships_of
-- The groups that a customer is in by hand, or by condition.
SELECT group_id FROM memberships WHERE store_id = $1 AND customer_id = $2 AND source = $3

-- groups_of_customer
-- The groups that a customer is in, ascending; each once.
SELECT DISTINCT group_id FROM memberships WHERE store_id = $1 AND customer_id = $2
ORDER BY group_id

-- insert_membership
-- Put a customer in a group, by hand or by condition; who is in it already stays.
INSERT INTO memberships (store_id, customer_id, group_id, source) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING

-- delete_membership
-- Take a customer out of a group; what the other source says stands.
DELETE FROM memberships
WHERE store_id = $1 AND customer_id = $2 AND group_id = $3 AND source = $4

-- delete_memberships
-- Take a customer out of every group.
DELETE FROM memberships WHERE store_id = $1 AND customer_id = $2

-- insert_members
-- Put the customers of a JSON list of ids in a group.
INSERT INTO memberships (store_id, customer_id, group_id, source)
SELECT c.store_id, c.id, CAST($3 AS BIGINT), CAST($4 AS TEXT)
FROM customers AS c WHERE c.store_id = $1 AND c.id IN ({listed})
ON CONFLICT DO NOTHING

-- delete_members
-- Take everybody out of a group.
DELETE FROM memberships WHERE store_id = $1 AND group_id = $2

-- members_between
-- Who of a range of customers is in a group by this source.
SELECT customer_id FROM memberships
WHERE store_id = $1 AND group_id = $2 AND source = $3 AND customer_id > $4 AND customer_id <= $5

-- lock_customers
-- Those of a JSON list of ids that the store has; none can be deleted until the transaction ends.
SELECT id FROM customers WHERE store_id = $1 AND id IN ({listed}) ORDER BY id {for_key_share}

-- group_columns
-- A group, in the order of `Group`.
g.id, g.name, g.is_default, g.conditions, g.features

-- group
-- One group.
SELECT {group_columns} FROM customer_groups AS g WHERE g.store_id = $1 AND g.id = $2

-- default_group
-- The group of a store that every new customer joins.
SELECT {group_columns} FROM customer_groups AS g WHERE g.store_id = $1 AND g.is_default

-- group_page
-- One page of groups by id, each behind the count of all; an empty page is the count alone.
SELECT total.number, {group_columns} FROM (
  SELECT count(*) AS number FROM customer_groups WHERE store_id = $1
) AS total
LEFT JOIN (
  SELECT id, name, is_default, conditions, features FROM customer_groups
  WHERE store_id = $1 ORDER BY id LIMIT $2 OFFSET $3
) AS g ON TRUE
ORDER BY g.id

-- groups_of_list
-- Those of a JSON list of ids that are groups of the store.
SELECT id FROM customer_groups WHERE store_id = $1 AND id IN ({listed})

-- hold_groups
-- Wait until nobody changes this store's groups or who is in them, and let nobody until the end.
-- The default group, which every store has, stands for all of them.
SELECT id FROM customer_groups WHERE store_id = $1 AND is_default {for_update}

-- share_groups
-- Wait until nobody changes this store's groups, and let nobody until the transaction ends. Many may
-- hold it so at once; a read after it sees what the last who held it alone has left.
SELECT id FROM customer_groups WHERE store_id = $1 AND is_default {for_share}

-- insert_group
-- A new group.
INSERT INTO customer_groups (
  store_id, id, name, conditions, features, is_default, evaluate_after
) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- make_group
-- A group of which only its id is known.
INSERT INTO customer_groups (store_id, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- update_group
-- All of a group but its key; an evaluation that is under way goes on unless it begins anew.
UPDATE customer_groups SET
  name = $3, conditions = $4, features = $5, evaluate_after = coalesce($6, evaluate_after)
WHERE store_id = $1 AND id = $2

-- delete_group
-- Forget a group; its memberships are gone before.
DELETE FROM customer_groups WHERE store_id = $1 AND id = $2

-- groups_with_conditions
-- The groups that a changed customer may join or leave.
SELECT id, conditions FROM customer_groups WHERE store_id = $1 AND conditions <> '[]'

-- pending_group
-- A group whose changed conditions wait for customers, in any store, and how far it has come.
SELECT store_id, id, evaluate_after FROM customer_groups
WHERE evaluate_after IS NOT NULL ORDER BY store_id, id LIMIT 1

-- group_to_evaluate
-- Its conditions, and how far it has come.
SELECT conditions, evaluate_after FROM customer_groups WHERE store_id = $1 AND id = $2

-- customers_to_evaluate
-- The numbers that conditions read, of the next customers; they stay until the transaction ends.
SELECT id, orders_count, orders_amount FROM customers
WHERE store_id = $1 AND id > $2 ORDER BY id LIMIT $3 {for_update}

-- evaluated
-- How far a group has come; NULL is the end.
UPDATE customer_groups SET evaluate_after = $3 WHERE store_id = $1 AND id = $2
