-- Apps, installs, tokens, authorizations, owners, setup links and sessions.

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
-- The app with this client_id.
SELECT {app_columns} FROM apps WHERE client_id = $1

-- insert_app
-- A new app.
INSERT INTO apps (
  id, name, created_at, wallets, client_id, client_secret, redirect_uris, scopes, webhook_url,
  webhook_secret
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- update_app
-- All of an app but its id and its time of creation.
UPDATE apps SET
  name = $2, wallets = $3, client_id = $4, client_secret = $5, redirect_uris = $6, scopes = $7,
  webhook_url = $8, webhook_secret = $9
WHERE id = $1

-- installs
-- Every app in every store.
SELECT store_id, app_id, owner_id, installed_at FROM installs ORDER BY store_id, app_id

-- install
-- Install an app in a store; the owner who installs it again replaces the one before.
INSERT INTO installs (store_id, app_id, owner_id, installed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (store_id, app_id) DO UPDATE SET owner_id = excluded.owner_id

-- uninstall
-- Uninstall an app from a store.
DELETE FROM installs WHERE store_id = $1 AND app_id = $2

-- revoke_tokens_of_app
-- Revoke every access token of an app in a store.
UPDATE tokens SET revoked_at = $3 WHERE store_id = $1 AND app_id = $2 AND revoked_at IS NULL

-- revoke_authorizations_of_app
-- The same for its authorizations, and so for its codes and refresh tokens.
UPDATE authorizations SET revoked_at = $3
WHERE store_id = $1 AND app_id = $2 AND revoked_at IS NULL

-- grant
-- The grant of a token, with its store.
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
-- End an access token; a token that has ended stays as it is.
UPDATE tokens SET expires_at = $2 WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)

-- token
-- One access token, as `token_columns`.
SELECT {token_columns} FROM tokens WHERE id = $1

-- insert_authorization
-- A new authorization; its code is NULL if the app gets no code.
INSERT INTO authorizations (
  id, store_id, app_id, owner_id, scopes, created_at, code_digest, redirect_uri, redirect_given,
  challenge, code_expires_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- lock_authorization
-- Lock an authorization until the transaction ends, before a token is issued for it.
SELECT id FROM authorizations WHERE id = $1 {for_update}

-- authorization_of_code
-- Which authorization a code belongs to.
SELECT id FROM authorizations WHERE code_digest = $1

-- code
-- The code of an authorization, and the grant behind it.
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
-- A refresh token, and the grant that it renews.
SELECT a.app_id, r.scopes, r.expires_at, r.used_at, a.revoked_at, a.store_id, r.token_id
FROM refresh_tokens AS r JOIN authorizations AS a ON a.id = r.authorization_id
WHERE r.digest = $1

-- use_refresh_token
-- A refresh token works once.
UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1

-- use_refresh_tokens
-- Mark every refresh token of an authorization as used.
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
-- Revoke every access token that an authorization issued.
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
-- The owner with an e-mail, behind the hash of the password.
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
-- The stores of an owner.
SELECT {store_columns} FROM stores AS s JOIN owner_stores AS o ON o.store_id = s.id
WHERE o.owner_id = $1 ORDER BY s.id

-- installer
-- The owner who installed an app in a store.
SELECT {owner_columns} FROM installs AS i JOIN owners AS o ON o.id = i.owner_id
WHERE i.store_id = $1 AND i.app_id = $2

-- set_password
-- Replace the hash of a password.
UPDATE owners SET password = $2 WHERE id = $1

-- lock_owners
-- No other transaction creates the first owner until this one ends. The number is Sijill's own.
SELECT {advisory_lock}(5346546548)

-- any_owner
-- Whether there is an owner at all.
SELECT count(*) FROM (SELECT id FROM owners LIMIT 1) AS first

-- forget_setup_links
-- Delete every link; a newer one replaces them.
DELETE FROM setup_links

-- insert_setup_link
-- A new link.
INSERT INTO setup_links (digest, expires_at) VALUES ($1, $2)

-- setup_link
-- A link that has not expired.
SELECT expires_at FROM setup_links WHERE digest = $1 AND expires_at > $2

-- use_setup_link
-- Use a link: it works once, before it expires.
DELETE FROM setup_links WHERE digest = $1 AND expires_at > $2

-- insert_session
-- An owner signed in.
INSERT INTO sessions (digest, owner_id, created_at, seen_at) VALUES ($1, $2, $3, $3)

-- session
-- The owner of a session, behind the moments of the sign-in and of the last use.
SELECT s.created_at, s.seen_at, {owner_columns}
FROM sessions AS s JOIN owners AS o ON o.id = s.owner_id WHERE s.digest = $1

-- see_session
-- Record the last use of a session.
UPDATE sessions SET seen_at = $2 WHERE digest = $1

-- close_session
-- The owner signed out.
DELETE FROM sessions WHERE digest = $1

-- close_sessions_of
-- The owner's password changed.
DELETE FROM sessions WHERE owner_id = $1

-- forget_sessions
-- Delete the sessions that are too old.
DELETE FROM sessions WHERE created_at < $1
