-- Every statement of Sijill, one text for both databases. A block opens with `-- name`, its second
-- line says what it is for; `{name}` stands for the text of another block or for a word of sql.py.
-- What the databases say differently stands after `-- only sqlite` and `-- only postgres`.

-- has_migrations
-- Whether this database has ever been migrated.
-- only sqlite
SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'
-- only postgres
SELECT count(*) FROM pg_tables
WHERE schemaname = current_schema() AND tablename = 'schema_migrations'
-- end

-- lock_migrations
-- One process migrates at a time, until its transaction ends. The number is Sijill's own.
SELECT {advisory_lock}(7236288501948531)

-- examine
-- On SQLite whether every page and every index is sound: one row, "ok", if so. On PostgreSQL the
-- server's version, and whether a commit waits for the disk.
-- only sqlite
PRAGMA quick_check(1)
-- only postgres
SELECT
  current_setting('server_version_num'),
  current_setting('server_version'),
  current_setting('synchronous_commit')
-- end

-- listed
-- The numbers of a JSON list that is the second argument.
-- only sqlite
SELECT value FROM json_each($2)
-- only postgres
SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON))
-- end

-- newest_migration
-- Its version; a real read, so it shows too that the database answers.
SELECT max(version) FROM schema_migrations

-- recorded_migrations
-- Which migrations this database has had.
SELECT version, name FROM schema_migrations ORDER BY version

-- insert_migration
-- Remember that a migration was made.
INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)

-- customer_columns
-- A customer as stored, in the order of `Customer`; the group ids are one text, in any order. The
-- lists of columns here and below come from `customers.fields`: own_columns, extra_columns,
-- customer_fields, customer_values, customer_assignments.
{own_columns}, (
  SELECT string_agg(CAST(m.group_id AS TEXT), ',') FROM memberships AS m
  WHERE m.store_id = c.store_id AND m.customer_id = c.id
)

-- customer
-- One customer: the point read of Customer Details.
SELECT {customer_columns} FROM customers AS c WHERE c.store_id = $1 AND c.id = $2

-- customer_with_extras
-- One customer with everything that is kept of it.
SELECT {customer_columns}, {extra_columns}
FROM customers AS c WHERE c.store_id = $1 AND c.id = $2

-- lock_customer
-- Hold a customer until the transaction ends, before it is read to be changed. A read after this one
-- sees what the last writer left, its memberships too.
SELECT id FROM customers WHERE store_id = $1 AND id = $2 {for_update}

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

-- found
-- The customers of one store that match, from the index; each term in it holds the store too.
-- only sqlite
SELECT s.id, s.created_at FROM customer_terms JOIN customer_search AS s
ON s.number = customer_terms.rowid
WHERE customer_terms MATCH $6
AND s.store_id = $1 AND s.created_at >= $2 AND s.created_at < $3
-- only postgres
SELECT s.id, s.created_at FROM customer_search AS s
WHERE array_to_tsvector(string_to_array(s.terms, ' ')) @@ CAST(CAST($6 AS TEXT) AS TSQUERY)
-- The sum keeps the planner from walking through all of the store instead.
AND s.store_id + 0 = $1 AND s.created_at >= $2 AND s.created_at < $3
-- end

-- found_source
-- As page_source, for the customers that a keyword finds.
FROM (SELECT count(*) AS customers FROM found) AS total
LEFT JOIN (
  SELECT id FROM found ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5
) AS page ON TRUE
LEFT JOIN customers AS c ON c.store_id = $1 AND c.id = page.id
ORDER BY c.created_at DESC, c.id DESC

-- found_customer_page
-- One page of those that a keyword finds, newest first, each row behind the count of all.
WITH found AS MATERIALIZED ({found})
SELECT total.customers, {customer_columns} {found_source}

-- found_customer_page_with_extras
-- The same with everything that is kept.
WITH found AS MATERIALIZED ({found})
SELECT total.customers, {customer_columns}, {extra_columns} {found_source}

-- index_customer
-- What a customer is found by.
INSERT INTO customer_search (store_id, id, created_at, terms) VALUES ($1, $2, $3, $4)
ON CONFLICT (store_id, id) DO UPDATE SET created_at = excluded.created_at, terms = excluded.terms

-- customers_after
-- The next customers by id, for a walk over all of them.
SELECT {customer_columns}, {extra_columns}
FROM customers AS c WHERE c.store_id = $1 AND c.id > $2 ORDER BY c.id LIMIT $3

-- insert_customer
-- A new customer: its key, what makes its e-mail unique, its fields.
INSERT INTO customers (store_id, id, email_key, {customer_fields})
VALUES ($1, $2, $3, {customer_values})

-- update_customer
-- All of a customer but its key; the arguments are those of insert_customer.
UPDATE customers SET email_key = $3, {customer_assignments} WHERE store_id = $1 AND id = $2

-- others_with
-- The other customers who have this e-mail or this mobile, and which of the two.
SELECT
  email_key = $3 AND email_key IS NOT NULL,
  mobile = $5 AND mobile_code = $4 AND mobile IS NOT NULL
FROM customers
WHERE store_id = $1 AND id <> $2 AND (email_key = $3 OR (mobile_code = $4 AND mobile = $5))

-- delete_customer
-- Forget a customer; its memberships are gone before.
DELETE FROM customers WHERE store_id = $1 AND id = $2

-- insert_deleted_customer
-- Remember an id, and nothing else, so that it is never given again.
INSERT INTO deleted_customers (store_id, id, deleted_at) VALUES ($1, $2, $3)

-- deleted_customer
-- Whether this id was of a customer who is deleted.
SELECT id FROM deleted_customers WHERE store_id = $1 AND id = $2

-- forget_done
-- Requests done too long ago to be sent again.
DELETE FROM idempotency_keys WHERE store_id = $1 AND done_at < $2

-- claim_once
-- Begin a request that shall be done once; no row is changed if it was begun before.
INSERT INTO idempotency_keys (store_id, app_id, idempotency_key, fingerprint, done_at, result)
VALUES ($1, $2, $3, $4, $5, 0)
ON CONFLICT DO NOTHING

-- done_once
-- What came of a request that was done.
SELECT fingerprint, result FROM idempotency_keys
WHERE store_id = $1 AND app_id = $2 AND idempotency_key = $3

-- settle_once
-- What came of it: an id.
UPDATE idempotency_keys SET result = $4
WHERE store_id = $1 AND app_id = $2 AND idempotency_key = $3

-- unclaim_once
-- It was refused, so it may be sent again.
DELETE FROM idempotency_keys WHERE store_id = $1 AND app_id = $2 AND idempotency_key = $3

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
-- What a wallet holds now.
UPDATE customers SET wallet_balance = $3 WHERE store_id = $1 AND id = $2

-- points_page
-- Lines of a ledger, newest first, each behind the count of all. A customer without
-- any, or an empty page, is one row with the count and nothing else.
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
-- Hold some customers until the transaction ends. It says how many, their last id, and the least
-- and the most points among them.
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
-- The points that the last line of each customer's ledger says.
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
) VALUES (
  $1, $2,
  (SELECT coalesce(max(e.number), 0) + 1 FROM loyalty_entries AS e
    WHERE e.store_id = $1 AND e.customer_id = $2),
  $3, $4, '', NULL, $5
)

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

-- app_columns
-- An app, in the order of `App`.
id, name, created_at, wallets, client_id, client_secret, redirect_uris, scopes, webhook_url,
webhook_secret

-- app
-- One app.
SELECT {app_columns} FROM apps WHERE id = $1

-- apps
-- Every app.
SELECT {app_columns} FROM apps ORDER BY id

-- client
-- The app that calls itself so.
SELECT {app_columns} FROM apps WHERE client_id = $1

-- insert_app
-- A new app.
INSERT INTO apps (
  id, name, created_at, wallets, client_id, client_secret, redirect_uris, scopes, webhook_url,
  webhook_secret
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- update_app
-- All of an app but its id and its moment.
UPDATE apps SET
  name = $2, wallets = $3, client_id = $4, client_secret = $5, redirect_uris = $6, scopes = $7,
  webhook_url = $8, webhook_secret = $9
WHERE id = $1

-- installs
-- Every app in every store.
SELECT store_id, app_id, owner_id, installed_at FROM installs ORDER BY store_id, app_id

-- install
-- An app comes into a store; whoever lets it in again stands for it from then on.
INSERT INTO installs (store_id, app_id, owner_id, installed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (store_id, app_id) DO UPDATE SET owner_id = excluded.owner_id

-- uninstall
-- An app leaves a store.
DELETE FROM installs WHERE store_id = $1 AND app_id = $2

-- revoke_tokens_of_app
-- Revoke every access token of an app in a store.
UPDATE tokens SET revoked_at = $3 WHERE store_id = $1 AND app_id = $2 AND revoked_at IS NULL

-- revoke_authorizations_of_app
-- The same for its authorizations, and so for its codes and refresh tokens.
UPDATE authorizations SET revoked_at = $3
WHERE store_id = $1 AND app_id = $2 AND revoked_at IS NULL

-- grant
-- What a token stands for, with its store.
SELECT t.id, t.app_id, t.scopes, t.expires_at, t.revoked_at, a.wallets, {store_columns}
FROM tokens AS t
JOIN stores AS s ON s.id = t.store_id
JOIN apps AS a ON a.id = t.app_id
WHERE t.digest = $1

-- token_columns
-- A token as an operator sees it, in the order of `TokenInfo`.
id, store_id, app_id, scopes, hint, created_at, expires_at, revoked_at, authorization_id

-- tokens
-- Every token of every store.
SELECT {token_columns} FROM tokens ORDER BY id

-- tokens_of_store
-- Every token of one store.
SELECT {token_columns} FROM tokens WHERE store_id = $1 ORDER BY id

-- insert_token
-- A new token, under its digest.
INSERT INTO tokens (
  digest, id, store_id, app_id, scopes, hint, created_at, expires_at, revoked_at, authorization_id
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- revoke_token
-- Revoke a token; the first time stands.
UPDATE tokens SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1

-- expire_token
-- Let an access token end; one that has ended stays as it is.
UPDATE tokens SET expires_at = $2 WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)

-- token
-- One access token, as `token_columns`.
SELECT {token_columns} FROM tokens WHERE id = $1

-- insert_authorization
-- What was agreed to; the code is NULL where none is handed out.
INSERT INTO authorizations (
  id, store_id, app_id, owner_id, scopes, created_at, code_digest, redirect_uri, redirect_given,
  challenge, code_expires_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- lock_authorization
-- Hold an authorization until the transaction ends, before anything is issued for it.
SELECT id FROM authorizations WHERE id = $1 {for_update}

-- authorization_of_code
-- Which authorization a code belongs to.
SELECT id FROM authorizations WHERE code_digest = $1

-- code
-- The code of an authorization, and what is issued for it.
SELECT redirect_uri, redirect_given, challenge, code_expires_at, app_id, code_used_at, revoked_at,
  store_id, scopes
FROM authorizations WHERE id = $1

-- use_code
-- A code works once.
UPDATE authorizations SET code_used_at = $2 WHERE id = $1

-- authorization_of_refresh
-- Which authorization a refresh token belongs to.
SELECT authorization_id FROM refresh_tokens WHERE digest = $1

-- refresh_token
-- A refresh token, and what it renews.
SELECT a.app_id, r.scopes, r.expires_at, r.used_at, a.revoked_at, a.store_id, r.token_id
FROM refresh_tokens AS r JOIN authorizations AS a ON a.id = r.authorization_id
WHERE r.digest = $1

-- use_refresh_token
-- A refresh token works once.
UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1

-- use_refresh_tokens
-- As if every refresh token of an authorization had been used.
UPDATE refresh_tokens SET used_at = coalesce(used_at, $2) WHERE authorization_id = $1

-- insert_refresh_token
-- A new refresh token, beside the access token it came with.
INSERT INTO refresh_tokens (
  digest, authorization_id, token_id, scopes, created_at, expires_at
) VALUES ($1, $2, $3, $4, $5, $6)

-- revoke_authorization
-- An authorization ends; the first time stands.
UPDATE authorizations SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1

-- revoke_family
-- Revoke every access token that came of an authorization.
UPDATE tokens SET revoked_at = $2 WHERE authorization_id = $1 AND revoked_at IS NULL

-- owner_columns
-- An owner, in the order of `Owner`.
o.id, o.name, o.email, o.mobile, o.created_at

-- owner
-- One owner.
SELECT {owner_columns} FROM owners AS o WHERE o.id = $1

-- owners
-- Every owner.
SELECT {owner_columns} FROM owners AS o ORDER BY o.id

-- owner_of_email
-- Who signs in with an e-mail, behind the hash of the password.
SELECT o.password, {owner_columns} FROM owners AS o WHERE o.email_key = $1

-- insert_owner
-- A new owner.
INSERT INTO owners (id, name, email, email_key, mobile, password, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- own_store
-- Give a store to an owner.
INSERT INTO owner_stores (owner_id, store_id) VALUES ($1, $2)

-- own_every_store
-- Give every store to an owner.
INSERT INTO owner_stores (owner_id, store_id) SELECT $1, id FROM stores

-- stores_of
-- The stores somebody owns.
SELECT {store_columns} FROM stores AS s JOIN owner_stores AS o ON o.store_id = s.id
WHERE o.owner_id = $1 ORDER BY s.id

-- installer
-- Who let an app into a store.
SELECT {owner_columns} FROM installs AS i JOIN owners AS o ON o.id = i.owner_id
WHERE i.store_id = $1 AND i.app_id = $2

-- set_password
-- A new hash.
UPDATE owners SET password = $2 WHERE id = $1

-- lock_owners
-- Nobody else becomes the first owner until the transaction ends. The number is Sijill's own.
SELECT {advisory_lock}(5346546548)

-- any_owner
-- Whether there is an owner at all.
SELECT count(*) FROM (SELECT id FROM owners LIMIT 1) AS first

-- forget_setup_links
-- A newer link takes the place of any before it.
DELETE FROM setup_links

-- insert_setup_link
-- A new one.
INSERT INTO setup_links (digest, expires_at) VALUES ($1, $2)

-- setup_link
-- One that is good at this moment.
SELECT expires_at FROM setup_links WHERE digest = $1 AND expires_at > $2

-- use_setup_link
-- It works once, and not too late.
DELETE FROM setup_links WHERE digest = $1 AND expires_at > $2

-- insert_session
-- Somebody signed in.
INSERT INTO sessions (digest, owner_id, created_at, seen_at) VALUES ($1, $2, $3, $3)

-- session
-- Who is signed in with a cookie, behind when that was and when it was used.
SELECT s.created_at, s.seen_at, {owner_columns}
FROM sessions AS s JOIN owners AS o ON o.id = s.owner_id WHERE s.digest = $1

-- see_session
-- It was used.
UPDATE sessions SET seen_at = $2 WHERE digest = $1

-- close_session
-- Somebody signed out.
DELETE FROM sessions WHERE digest = $1

-- close_sessions_of
-- Somebody's password changed.
DELETE FROM sessions WHERE owner_id = $1

-- forget_sessions
-- Those that cannot go on.
DELETE FROM sessions WHERE created_at < $1

-- import_columns
-- An uploaded file, in the order of `Import`.
store_id, id, app_id, name, language, state, row_count, done_count, created_count, updated_count,
rejected_count, created_at, finished_at

-- insert_import
-- A new uploaded file.
INSERT INTO imports (
  store_id, id, app_id, name, language, state, row_count, done_count, created_count,
  updated_count, rejected_count, created_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- insert_import_batch
-- Some of its rows.
INSERT INTO import_batches (store_id, import_id, number, content) VALUES ($1, $2, $3, $4)

-- import
-- One uploaded file.
SELECT {import_columns} FROM imports WHERE store_id = $1 AND id = $2

-- imports
-- Every uploaded file of one store, newest first.
SELECT {import_columns} FROM imports WHERE store_id = $1 ORDER BY created_at DESC, id DESC

-- next_import
-- The oldest file of any store that is not worked off and that nobody holds.
SELECT {import_columns} FROM imports
WHERE state IN ('queued', 'running') AND held_until <= $1
ORDER BY created_at, store_id, id LIMIT 1

-- take_import
-- Begin to work on a file, unless another worker was faster.
UPDATE imports SET state = 'running', worker = $3, held_until = $5
WHERE store_id = $1 AND id = $2 AND state IN ('queued', 'running') AND held_until <= $4

-- hold_import
-- Go on working on a file; no row is changed if it is somebody else's by now.
UPDATE imports SET held_until = $4
WHERE store_id = $1 AND id = $2 AND state = 'running' AND worker = $3

-- import_batch
-- The next rows.
SELECT number, content FROM import_batches
WHERE store_id = $1 AND import_id = $2 ORDER BY number LIMIT 1

-- delete_import_batch
-- These rows are worked off.
DELETE FROM import_batches WHERE store_id = $1 AND import_id = $2 AND number = $3

-- delete_import_batches
-- These rows will not be worked off.
DELETE FROM import_batches WHERE store_id = $1 AND import_id = $2

-- insert_import_created
-- A customer that the file made, as it was then.
INSERT INTO import_created (store_id, import_id, customer_id, updated_at)
SELECT store_id, CAST($2 AS BIGINT), id, updated_at FROM customers WHERE store_id = $1 AND id = $3

-- insert_import_reject
-- A row that was refused.
INSERT INTO import_rejects (store_id, import_id, line, reason, cells) VALUES ($1, $2, $3, $4, $5)

-- count_import
-- How far it is, and what became of the rows.
UPDATE imports SET
  done_count = done_count + $3, created_count = created_count + $4,
  updated_count = updated_count + $5, rejected_count = rejected_count + $6
WHERE store_id = $1 AND id = $2

-- end_import
-- It is over, in this way; the first time of its end stands.
UPDATE imports SET state = $3, finished_at = coalesce(finished_at, $4), worker = '', held_until = 0
WHERE store_id = $1 AND id = $2

-- import_rejects
-- Its refused rows.
SELECT line, reason, cells FROM import_rejects
WHERE store_id = $1 AND import_id = $2 ORDER BY line

-- import_created
-- The customers it made.
SELECT customer_id, updated_at FROM import_created
WHERE store_id = $1 AND import_id = $2 ORDER BY customer_id

-- delete_import_created
-- They are taken back.
DELETE FROM import_created WHERE store_id = $1 AND import_id = $2

-- forget_import_rejects
-- Refused rows of files that were finished too long ago, of every store.
DELETE FROM import_rejects WHERE EXISTS (
  SELECT 1 FROM imports AS i
  WHERE i.store_id = import_rejects.store_id AND i.id = import_rejects.import_id
  AND i.finished_at < $1
)

-- forget_import_created
-- The same for the customers they made.
DELETE FROM import_created WHERE EXISTS (
  SELECT 1 FROM imports AS i
  WHERE i.store_id = import_created.store_id AND i.id = import_created.import_id
  AND i.finished_at < $1
)

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
