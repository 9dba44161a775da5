-- Every statement of Sijill, the same text for both databases. A block opens with `-- name`, its
-- second line says what it is for; `{name}` stands for the text of another block. The few that
-- differ are in queries.sqlite.sql and queries.postgres.sql, which win over this file.

-- ping
-- The newest migration: a real read, so it shows that the database answers.
SELECT max(version) FROM schema_migrations

-- migration_versions
-- Which migrations this database has had.
SELECT version FROM schema_migrations ORDER BY version

-- insert_migration
-- Remember that a migration was made.
INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)

-- customer_columns
-- A customer as kept, in the order of `Customer`; the group ids are one text, ascending.
c.id, c.first_name, c.last_name, c.mobile, c.mobile_code, c.email, c.avatar, c.gender, c.birthday,
c.city, c.country, c.country_code, c.currency, c.location, c.lang, c.created_at, c.updated_at,
(SELECT string_agg(CAST(m.group_id AS TEXT), ',' ORDER BY m.group_id) FROM memberships AS m
  WHERE m.store_id = c.store_id AND m.customer_id = c.id)

-- extra_columns
-- What `fields[]` can add, in the order of `Extras`.
c.is_blocked, c.is_whitelisted, c.block_reason, c.is_inactive, c.orders_count, c.orders_amount,
c.orders_average, c.orders_complete_ratio, c.orders_cancel_ratio, c.orders_cancel,
c.latest_purchase, c.abandoned_carts_items, c.wallet_balance, c.total_points, c.country_id,
c.custom_fields, c.current_store_customer, c.is_orders_rated, c.pending_rating_count,
c.is_notifications_enabled

-- customer
-- One customer: the point read of Customer Details.
SELECT {customer_columns} FROM customers AS c WHERE c.store_id = $1 AND c.id = $2

-- customer_with_extras
-- One customer with everything that is kept of it.
SELECT {customer_columns}, {extra_columns}
FROM customers AS c WHERE c.store_id = $1 AND c.id = $2

-- lock_customer
-- Hold a customer until the transaction ends, before it is read to be changed.
SELECT id FROM customers WHERE store_id = $1 AND id = $2

-- page_source
-- The count and the ids of one page, both from the index alone, then the rows of that page. An
-- empty page is one row with the count and nothing else.
FROM (
  SELECT count(*) AS customers FROM customers
  WHERE store_id = $1 AND created_at >= $2 AND created_at < $3
) AS total
LEFT JOIN (
  SELECT id FROM customers
  WHERE store_id = $1 AND created_at >= $2 AND created_at < $3
  ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5
) AS page ON TRUE
LEFT JOIN customers AS c ON c.store_id = $1 AND c.id = page.id
ORDER BY c.created_at DESC, c.id DESC

-- customer_page
-- One page of a list, newest first, each row behind the count of all.
SELECT total.customers, {customer_columns} {page_source}

-- customer_page_with_extras
-- The same with everything that is kept.
SELECT total.customers, {customer_columns}, {extra_columns} {page_source}

-- customers_after
-- The next customers by id, for a walk over all of them.
SELECT {customer_columns}, {extra_columns}
FROM customers AS c WHERE c.store_id = $1 AND c.id > $2 ORDER BY c.id LIMIT $3

-- insert_customer
-- A new customer.
INSERT INTO customers (
  store_id, id, first_name, last_name, mobile, mobile_code, email, avatar, gender, birthday,
  city, country, country_code, currency, location, lang, created_at, updated_at, email_key,
  is_blocked, is_whitelisted, block_reason, is_inactive, orders_count, orders_amount,
  orders_average, orders_complete_ratio, orders_cancel_ratio, orders_cancel, latest_purchase,
  abandoned_carts_items, wallet_balance, total_points, country_id, custom_fields,
  current_store_customer, is_orders_rated, pending_rating_count, is_notifications_enabled
) VALUES (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
  $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39
)

-- update_customer
-- All of a customer but its key; the arguments are those of insert_customer.
UPDATE customers SET
  first_name = $3, last_name = $4, mobile = $5, mobile_code = $6, email = $7, avatar = $8,
  gender = $9, birthday = $10, city = $11, country = $12, country_code = $13, currency = $14,
  location = $15, lang = $16, created_at = $17, updated_at = $18, email_key = $19,
  is_blocked = $20, is_whitelisted = $21, block_reason = $22, is_inactive = $23,
  orders_count = $24, orders_amount = $25, orders_average = $26, orders_complete_ratio = $27,
  orders_cancel_ratio = $28, orders_cancel = $29, latest_purchase = $30,
  abandoned_carts_items = $31, wallet_balance = $32, total_points = $33, country_id = $34,
  custom_fields = $35, current_store_customer = $36, is_orders_rated = $37,
  pending_rating_count = $38, is_notifications_enabled = $39
WHERE store_id = $1 AND id = $2

-- insert_membership
-- Put a customer in a group.
INSERT INTO memberships (store_id, customer_id, group_id) VALUES ($1, $2, $3)

-- delete_membership
-- Take a customer out of a group.
DELETE FROM memberships WHERE store_id = $1 AND customer_id = $2 AND group_id = $3

-- store_columns
-- A store, in the order of `Store`.
s.id, s.name, s.plan, s.profile, s.timezone, s.locale, s.currency, s.customer_url, s.admin_url,
s.avatar_male, s.avatar_female

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
  avatar_female
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- app
-- One app.
SELECT id, name, created_at FROM apps WHERE id = $1

-- apps
-- Every app.
SELECT id, name, created_at FROM apps ORDER BY id

-- insert_app
-- A new app.
INSERT INTO apps (id, name, created_at) VALUES ($1, $2, $3)

-- grant
-- What a token stands for, with its store.
SELECT t.id, t.app_id, t.scopes, t.expires_at, t.revoked_at, {store_columns}
FROM tokens AS t JOIN stores AS s ON s.id = t.store_id WHERE t.digest = $1

-- token_columns
-- A token as an operator sees it, in the order of `TokenInfo`.
id, store_id, app_id, scopes, hint, created_at, expires_at, revoked_at

-- tokens
-- Every token of every store.
SELECT {token_columns} FROM tokens ORDER BY id

-- tokens_of_store
-- Every token of one store.
SELECT {token_columns} FROM tokens WHERE store_id = $1 ORDER BY id

-- insert_token
-- A new token, under its digest.
INSERT INTO tokens (
  digest, id, store_id, app_id, scopes, hint, created_at, expires_at, revoked_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- revoke_token
-- Revoke a token; the first time stands.
UPDATE tokens SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1
