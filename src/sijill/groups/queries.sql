-- Customer groups, their members, and the evaluation of their conditions. The lists of columns
-- (group_columns, group_fields, group_values, group_assignments) come from `groups.fields`.

-- listed
-- The numbers of a JSON list that is the second argument.
-- only sqlite
SELECT value FROM json_each($2)
-- only postgres
SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON))
-- end

-- member_key
-- A customer in memberships.
-- only sqlite
c.number
-- only postgres
c.id
-- end

-- member
-- The same of the customer whose id is the second argument.
(SELECT {member_key} FROM customers AS c WHERE c.store_id = $1 AND c.id = $2)

-- membership_columns
-- A membership; the last columns are what the order of lists needs of its customer.
store_id, member, group_id, source, created_at, is_blocked
-- only sqlite
, customer_id
-- end

-- its_columns
-- The same columns of a customer, behind the source.
c.created_at, c.is_blocked
-- only sqlite
, c.id
-- end

-- memberships_of
-- The groups of a customer by one source: by hand, or by condition.
SELECT group_id FROM memberships WHERE store_id = $1 AND member = {member} AND source = $3

-- groups_of_customer
-- The groups of a customer, ascending, without duplicates.
SELECT DISTINCT group_id FROM memberships WHERE store_id = $1 AND member = {member}
ORDER BY group_id

-- insert_membership
-- Put a customer in a group, by hand or by condition; an existing membership stays.
INSERT INTO memberships ({membership_columns})
SELECT c.store_id, {member_key}, CAST($3 AS BIGINT), CAST($4 AS TEXT), {its_columns}
FROM customers AS c WHERE c.store_id = $1 AND c.id = $2
ON CONFLICT DO NOTHING

-- delete_membership
-- Take a customer out of a group; a membership by the other source stays.
DELETE FROM memberships
WHERE store_id = $1 AND member = {member} AND group_id = $3 AND source = $4

-- delete_memberships
-- Take a customer out of every group.
DELETE FROM memberships WHERE store_id = $1 AND member = {member}

-- not_in_group
-- The customers of a JSON list of ids who are in a group neither by hand nor by its conditions.
SELECT c.id FROM customers AS c
WHERE c.store_id = $1 AND c.id IN ({listed}) AND NOT EXISTS (
  SELECT 1 FROM memberships AS m
  WHERE m.store_id = c.store_id AND m.member = {member_key} AND m.group_id = $3
)
ORDER BY c.id

-- insert_members
-- Put the customers of a JSON list of ids in a group.
INSERT INTO memberships ({membership_columns})
SELECT c.store_id, {member_key}, CAST($3 AS BIGINT), CAST($4 AS TEXT), {its_columns}
FROM customers AS c WHERE c.store_id = $1 AND c.id IN ({listed})
ON CONFLICT DO NOTHING

-- delete_members
-- Take every customer out of a group.
DELETE FROM memberships WHERE store_id = $1 AND group_id = $2

-- count_members
-- How many memberships a group has by one source, up to so many.
SELECT count(*) FROM (
  SELECT 1 FROM memberships WHERE store_id = $1 AND group_id = $2 AND source = $3 LIMIT $4
) AS counted

-- count_twofold
-- How many customers are in a group by hand, the second source, and by its conditions.
SELECT count(*) FROM memberships AS m
WHERE m.store_id = $1 AND m.group_id = $2 AND m.source = $3 AND EXISTS (
  SELECT 1 FROM memberships AS o
  WHERE o.store_id = $1 AND o.member = m.member AND o.group_id = m.group_id AND o.source <> $3
)

-- members_between
-- The customers of a range of ids who are in a group by this source.
SELECT c.id FROM customers AS c
JOIN memberships AS m ON m.store_id = c.store_id AND m.member = {member_key}
WHERE c.store_id = $1 AND m.group_id = $2 AND m.source = $3 AND c.id > $4 AND c.id <= $5

-- lock_customers
-- The customers of a JSON list of ids; none can be deleted until the transaction ends.
SELECT id FROM customers WHERE store_id = $1 AND id IN ({listed}) ORDER BY id {for_key_share}

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
  SELECT {group_fields} FROM customer_groups
  WHERE store_id = $1 ORDER BY id LIMIT $2 OFFSET $3
) AS g ON TRUE
ORDER BY g.id

-- groups_of_list
-- The groups of a store in a JSON list of ids.
SELECT id FROM customer_groups WHERE store_id = $1 AND id IN ({listed})

-- hold_groups
-- Lock the groups of a store and their members for this writer alone, until the transaction ends.
-- The default group, which every store has, stands for all of them, and counts their changes.
UPDATE customer_groups SET revision = revision + 1 WHERE store_id = $1 AND is_default RETURNING id

-- share_groups
-- The default group of a store. Its lock keeps all groups of the store from changes until the
-- transaction ends. Transactions may share it; a later read sees what the last holder of the
-- exclusive lock committed.
SELECT id FROM customer_groups WHERE store_id = $1 AND is_default {for_share}

-- insert_group
-- A new group.
INSERT INTO customer_groups (store_id, evaluate_after, {group_fields})
VALUES ($1, $2, {group_values})

-- make_group
-- A group with a known id and nothing else.
INSERT INTO customer_groups (store_id, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- update_group
-- All of a group but its key; an evaluation that is under way continues unless $2 restarts it.
UPDATE customer_groups SET
  evaluate_after = coalesce($2, evaluate_after), {group_assignments}
WHERE store_id = $1 AND id = $3

-- delete_group
-- Delete a group; its memberships are deleted before.
DELETE FROM customer_groups WHERE store_id = $1 AND id = $2

-- known_groups
-- The default group of a store, and the groups with conditions. The first counts the changes of all.
SELECT id, is_default, revision, conditions FROM customer_groups
WHERE store_id = $1 AND (is_default OR conditions <> '[]')

-- groups_with_conditions
-- The groups that a changed customer may join or leave.
SELECT id, conditions FROM customer_groups WHERE store_id = $1 AND conditions <> '[]'

-- pending_group
-- A group of any store whose changed conditions still wait for customers. Its evaluation is done up
-- to evaluate_after.
SELECT store_id, id, evaluate_after FROM customer_groups
WHERE evaluate_after IS NOT NULL ORDER BY store_id, id LIMIT 1

-- group_to_evaluate
-- The conditions of a group, and how far its evaluation is.
SELECT conditions, evaluate_after FROM customer_groups WHERE store_id = $1 AND id = $2

-- customers_to_evaluate
-- The numbers that conditions read, of the next customers, locked until the transaction ends.
SELECT id, orders_count, orders_amount FROM customers
WHERE store_id = $1 AND id > $2 ORDER BY id LIMIT $3 {for_update}

-- evaluated
-- How far the evaluation of a group is; NULL is the end.
UPDATE customer_groups SET evaluate_after = $3 WHERE store_id = $1 AND id = $2

-- clear_groups
-- Delete every group of a store that has no customers.
DELETE FROM customer_groups WHERE store_id = $1
