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
