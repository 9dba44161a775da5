-- Apps, installs, tokens, authorizations, people, setup links and sessions.

-- app_columns
-- An app, in the order of `App`.
id, name, created_at, wallets, client_id, client_secret, redirect_uris, scopes, webhook_url,
webhook_strategy, webhook_secret

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
-- Insert an app.
INSERT INTO apps ({app_columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- update_app
-- Update all of an app but its id and its time of creation.
UPDATE apps SET
  name = $2, wallets = $3, client_id = $4, client_secret = $5, redirect_uris = $6, scopes = $7,
  webhook_url = $8, webhook_strategy = $9, webhook_secret = $10
WHERE id = $1

-- set_client_secret
-- Give an app another secret.
UPDATE apps SET client_secret = $2 WHERE id = $1

-- installs
-- Every install, by store and app.
SELECT store_id, app_id, owner_id, installed_at FROM installs ORDER BY store_id, app_id

-- install
-- Install an app in a store; after a second install the row names the second owner.
INSERT INTO installs (store_id, app_id, owner_id, installed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (store_id, app_id) DO UPDATE SET owner_id = excluded.owner_id

-- uninstall
-- Uninstall an app from a store.
DELETE FROM installs WHERE store_id = $1 AND app_id = $2

-- revoke_tokens_of_app
-- Revoke every access token of an app in a store.
UPDATE tokens SET revoked_at = $3 WHERE store_id = $1 AND app_id = $2 AND revoked_at IS NULL

-- revoke_authorizations_of_app
-- Revoke every authorization of an app in a store, and so its codes and refresh tokens.
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
id, store_id, app_id, scopes, hint, created_at, expires_at, revoked_at, authorization_id, name

-- tokens
-- Every token of every store.
SELECT {token_columns} FROM tokens ORDER BY id

-- tokens_of_store
-- Every token of one store.
SELECT {token_columns} FROM tokens WHERE store_id = $1 ORDER BY id

-- works
-- Whether a token works at a moment (the second argument): what `state_of` calls active.
revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)

-- newest_tokens
-- Tokens of one store: those that work first, and the newest of each first.
SELECT {token_columns} FROM tokens WHERE store_id = $1
ORDER BY CASE WHEN {works} THEN 0 ELSE 1 END, created_at DESC, id DESC LIMIT $3

-- apps_with_token
-- The apps that have a token of a store that works, in the order of their first such tokens.
SELECT app_id FROM tokens WHERE store_id = $1 AND {works} GROUP BY app_id ORDER BY min(id)

-- insert_token
-- Insert a token under its digest.
INSERT INTO tokens (digest, {token_columns})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- revoke_token
-- Revoke a token; a token that is revoked already keeps its time.
UPDATE tokens SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1

-- expire_token
-- Let an access token expire; a token that has expired keeps its time.
UPDATE tokens SET expires_at = $2 WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)

-- adopted
-- The store of a database that has one, whether this token is there, and whether any token is.
SELECT id, EXISTS (SELECT 1 FROM tokens WHERE digest = $1), EXISTS (SELECT 1 FROM tokens)
FROM stores ORDER BY id LIMIT 1

-- token
-- One access token, as `token_columns`.
SELECT {token_columns} FROM tokens WHERE id = $1

-- insert_authorization
-- Insert an authorization; without a code the columns of the code are NULL.
INSERT INTO authorizations (
  id, store_id, app_id, owner_id, scopes, created_at, code_digest, redirect_uri, redirect_given,
  challenge, code_expires_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- lock_authorization
-- Lock an authorization until the transaction ends, before a token is issued for it.
SELECT id FROM authorizations WHERE store_id = $1 AND id = $2 {for_update}

-- authorization_of_code
-- The authorization of a code, behind its store.
SELECT store_id, id FROM authorizations WHERE code_digest = $1

-- code
-- The code of an authorization, and the grant behind it.
SELECT redirect_uri, redirect_given, challenge, code_expires_at, app_id, code_used_at, revoked_at,
  scopes
FROM authorizations WHERE store_id = $1 AND id = $2

-- use_code
-- Mark a code as used.
UPDATE authorizations SET code_used_at = $3 WHERE store_id = $1 AND id = $2

-- authorization_of_refresh
-- The authorization of a refresh token, behind its store.
SELECT store_id, authorization_id FROM refresh_tokens WHERE digest = $1

-- refresh_token
-- A refresh token, and the grant that it renews.
SELECT a.app_id, r.scopes, r.expires_at, r.used_at, a.revoked_at, r.token_id
FROM refresh_tokens AS r
JOIN authorizations AS a ON a.store_id = r.store_id AND a.id = r.authorization_id
WHERE r.store_id = $1 AND r.digest = $2

-- use_refresh_token
-- Mark a refresh token as used.
UPDATE refresh_tokens SET used_at = $3 WHERE store_id = $1 AND digest = $2

-- use_refresh_tokens
-- Mark every refresh token of an authorization as used.
UPDATE refresh_tokens SET used_at = coalesce(used_at, $3)
WHERE store_id = $1 AND authorization_id = $2

-- insert_refresh_token
-- Insert a refresh token, with the id of the access token issued with it.
INSERT INTO refresh_tokens (
  store_id, authorization_id, digest, token_id, scopes, created_at, expires_at
) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- revoke_authorization
-- Revoke an authorization; a revoked one keeps its time.
UPDATE authorizations SET revoked_at = coalesce(revoked_at, $3) WHERE store_id = $1 AND id = $2

-- living_tokens_of_family
-- The access tokens that an authorization issued and nobody revoked.
SELECT id FROM tokens WHERE store_id = $1 AND authorization_id = $2 AND revoked_at IS NULL

-- revoke_family
-- Revoke every access token that an authorization issued.
UPDATE tokens SET revoked_at = $3
WHERE store_id = $1 AND authorization_id = $2 AND revoked_at IS NULL

-- person_columns
-- A person, in the order of `Person`.
o.id, o.name, o.email, o.mobile, o.created_at, o.role, o.suspended_at

-- person
-- One person.
SELECT {person_columns} FROM owners AS o WHERE o.id = $1

-- people
-- Every person.
SELECT {person_columns} FROM owners AS o ORDER BY o.id

-- person_of_email
-- The person with an e-mail, behind the hash of the password.
SELECT o.password, {person_columns} FROM owners AS o WHERE o.email_key = $1

-- insert_person
-- Insert a person.
INSERT INTO owners (id, name, email, email_key, mobile, password, created_at, role)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- own_store
-- Give a store to a person.
INSERT INTO owner_stores (owner_id, store_id) VALUES ($1, $2)

-- own_every_store
-- Give every store to a person.
INSERT INTO owner_stores (owner_id, store_id) SELECT $1, id FROM stores

-- stores_of
-- The stores of a person.
SELECT {store_columns} FROM stores AS s JOIN owner_stores AS o ON o.store_id = s.id
WHERE o.owner_id = $1 ORDER BY s.id

-- people_of_store
-- The people of a store.
SELECT {person_columns} FROM owners AS o JOIN owner_stores AS s ON s.owner_id = o.id
WHERE s.store_id = $1 ORDER BY o.id

-- user_of
-- The owner who installed an app in a store; else the oldest owner of the store.
SELECT {person_columns} FROM owners AS o WHERE o.id = coalesce(
  (SELECT owner_id FROM installs WHERE store_id = $1 AND app_id = $2),
  (
    SELECT first.id FROM owner_stores AS s JOIN owners AS first ON first.id = s.owner_id
    WHERE s.store_id = $1 AND first.role = 'owner' ORDER BY first.created_at, first.id LIMIT 1
  )
)

-- set_password
-- Replace the hash of a password.
UPDATE owners SET password = $2 WHERE id = $1

-- set_role
-- Give a person another role.
UPDATE owners SET role = $2 WHERE id = $1

-- suspend_person
-- Suspend a person, or with NULL let the person sign in again.
UPDATE owners SET suspended_at = $2 WHERE id = $1

-- lock_people
-- Lock out every other transaction that may create the first person, by a number of Sijill's own.
SELECT {advisory_lock}(5346546548)

-- any_person
-- Whether a person exists: 1 or 0.
SELECT count(*) FROM (SELECT id FROM owners LIMIT 1) AS first

-- forget_setup_links
-- Delete every set-up link, before a new link replaces them.
DELETE FROM setup_links

-- insert_setup_link
-- Insert a set-up link.
INSERT INTO setup_links (digest, expires_at) VALUES ($1, $2)

-- setup_link
-- A set-up link that has not expired.
SELECT expires_at FROM setup_links WHERE digest = $1 AND expires_at > $2

-- use_setup_link
-- Use up a set-up link that has not expired.
DELETE FROM setup_links WHERE digest = $1 AND expires_at > $2

-- insert_session
-- Insert a session.
INSERT INTO sessions (digest, owner_id, created_at, seen_at) VALUES ($1, $2, $3, $3)

-- session
-- The person of a session, behind the times of the sign-in and of the last use.
SELECT s.created_at, s.seen_at, {person_columns}
FROM sessions AS s JOIN owners AS o ON o.id = s.owner_id WHERE s.digest = $1

-- see_session
-- Store the time of a session's last use.
UPDATE sessions SET seen_at = $2 WHERE digest = $1

-- close_session
-- Delete a session, after the person signed out.
DELETE FROM sessions WHERE digest = $1

-- close_sessions_of
-- Delete every session of a person, whose password changed or who was suspended.
DELETE FROM sessions WHERE owner_id = $1

-- forget_sessions
-- Delete the sessions that began before a time.
DELETE FROM sessions WHERE created_at < $1

-- sealed_apps
-- How many secrets of apps' own webhooks are sealed under each key, by the id behind the format.
SELECT substr(webhook_secret, 2, 4) AS key_id, count(*) FROM apps
WHERE webhook_secret IS NOT NULL GROUP BY key_id

-- stale_apps
-- The next apps by id whose secret is sealed under another key than this one.
SELECT id FROM apps WHERE id > $1 AND substr(webhook_secret, 2, 4) <> $2 ORDER BY id LIMIT $3

-- lock_sealed_apps
-- The secret of one app, locked until it is sealed again.
SELECT id, webhook_secret FROM apps
WHERE id = $1 AND webhook_secret IS NOT NULL {for_update}

-- reseal_apps
-- The secret of an app, sealed again.
UPDATE apps SET webhook_secret = $2 WHERE id = $1

-- forget_codes
-- Delete codes that expired before a time; the authorization stays.
UPDATE authorizations SET
  code_digest = NULL, redirect_uri = NULL, redirect_given = NULL, challenge = NULL,
  code_expires_at = NULL
WHERE code_expires_at < $1

-- forget_refresh_tokens
-- Delete the refresh tokens that expired before a time, used or not.
DELETE FROM refresh_tokens WHERE expires_at < $1

-- forget_expired_setup_links
-- Delete the set-up links that expired before a time.
DELETE FROM setup_links WHERE expires_at < $1

-- clear_tokens
-- Delete the access tokens of a store, or of one app in it.
DELETE FROM tokens WHERE store_id = $1 AND app_id = coalesce(CAST($2 AS {id}), app_id)

-- clear_authorizations
-- Delete the authorizations of a store, or of one app in it, with their refresh tokens.
DELETE FROM authorizations WHERE store_id = $1 AND app_id = coalesce(CAST($2 AS {id}), app_id)

-- clear_installs
-- Delete the installs in a store, or that of one app.
DELETE FROM installs WHERE store_id = $1 AND app_id = coalesce(CAST($2 AS {id}), app_id)

-- clear_people
-- Take a store from its people.
DELETE FROM owner_stores WHERE store_id = $1

-- update_person
-- The name, the e-mail and the mobile of a person.
UPDATE owners SET name = $2, email = $3, email_key = $4, mobile = $5 WHERE id = $1

-- invitation_columns
-- An invitation, in the order of `Invitation`.
i.store_id, i.id, i.owner_id, i.name, i.email, i.role, i.expires_at

-- insert_invitation
-- A new invitation.
INSERT INTO invitations (
  store_id, id, digest, owner_id, name, email, email_key, role, expires_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- replace_invitation
-- Forget the invitation to an e-mail before the next one.
DELETE FROM invitations WHERE store_id = $1 AND email_key = $2

-- inviting
-- Whether the person who invited is an owner of the store to this day.
EXISTS (
  SELECT 1 FROM owner_stores AS s JOIN owners AS o ON o.id = s.owner_id
  WHERE s.owner_id = i.owner_id AND s.store_id = i.store_id
    AND o.role = 'owner' AND o.suspended_at IS NULL
)

-- invitations_of_store
-- The invitations of a store that still work.
SELECT {invitation_columns} FROM invitations AS i
WHERE i.store_id = $1 AND i.expires_at > $2 AND {inviting} ORDER BY i.expires_at, i.id

-- invitation
-- The invitation of a link that still works, with its store.
SELECT {invitation_columns}, {store_columns}
FROM invitations AS i JOIN stores AS s ON s.id = i.store_id
WHERE i.digest = $1 AND i.expires_at > $2 AND {inviting}

-- use_invitation
-- Use up the link of an invitation.
DELETE FROM invitations WHERE digest = $1

-- withdraw_invitation
-- Forget an invitation.
DELETE FROM invitations WHERE store_id = $1 AND id = $2

-- forget_invitations
-- Delete the invitations that expired before a time.
DELETE FROM invitations WHERE expires_at < $1

-- clear_invitations
-- Delete the invitations to a store.
DELETE FROM invitations WHERE store_id = $1

-- person_of_store
-- One person of a store.
SELECT {person_columns} FROM owners AS o JOIN owner_stores AS s ON s.owner_id = o.id
WHERE o.id = $1 AND s.store_id = $2

-- is_owner_of_store
-- Whether a person is an owner of a store who can sign in: a row, or none.
SELECT 1 FROM owner_stores AS s JOIN owners AS o ON o.id = s.owner_id
WHERE s.owner_id = $1 AND s.store_id = $2 AND o.role = 'owner' AND o.suspended_at IS NULL

-- stores_that_need
-- The stores of a person, or one of them, that no other owner has who can sign in.
SELECT mine.store_id FROM owner_stores AS mine
WHERE mine.owner_id = $1 AND (mine.store_id = $2 OR $2 = 0) AND NOT EXISTS (
  SELECT 1 FROM owner_stores AS s JOIN owners AS o ON o.id = s.owner_id
  WHERE s.store_id = mine.store_id AND o.id <> $1 AND o.role = 'owner' AND o.suspended_at IS NULL
)

-- stores_elsewhere
-- The stores of a person that another one does not have.
SELECT mine.store_id FROM owner_stores AS mine
WHERE mine.owner_id = $1 AND NOT EXISTS (
  SELECT 1 FROM owner_stores AS s WHERE s.owner_id = $2 AND s.store_id = mine.store_id
)

-- disown_stores
-- Take every store from a person.
DELETE FROM owner_stores WHERE owner_id = $1

-- remove_person
-- Remove a person, with their sessions; what they agreed to stays, without a name.
DELETE FROM owners WHERE id = $1

-- remove_app
-- Remove an app that nothing belongs to any more.
DELETE FROM apps WHERE id = $1
