-- Stores.

-- store_columns
-- A store, in the order of `Store`.
s.id, s.name, s.plan, s.profile, s.timezone, s.locale, s.currency, s.customer_url, s.admin_url,
s.avatar_male, s.avatar_female, s.created_at

-- store
-- One store.
SELECT {store_columns} FROM stores AS s WHERE s.id = $1

-- stores
-- Every store.
SELECT {store_columns} FROM stores AS s ORDER BY s.id

-- insert_store
-- A new store.
INSERT INTO stores (
  id, name, plan, profile, timezone, locale, currency, customer_url, admin_url, avatar_male,
  avatar_female, created_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- update_store
-- All of a store but its id and its time of creation.
UPDATE stores SET
  name = $2, plan = $3, profile = $4, timezone = $5, locale = $6, currency = $7, customer_url = $8,
  admin_url = $9, avatar_male = $10, avatar_female = $11
WHERE id = $1

-- lock_store
-- Lock a store before it is removed: other writers to it wait, and then find it gone.
SELECT id FROM stores WHERE id = $1 {for_update}

-- remove_store
-- Remove a store that nothing belongs to any more, with its feed and its counts.
DELETE FROM stores WHERE id = $1
