-- OAuth: what apps are to it, who owns stores, what owners agreed to, and what was issued for it.
-- Tokens, codes, secrets and cookies are kept as their SHA-256 alone, passwords as Argon2id.

ALTER TABLE apps ADD COLUMN client_id TEXT NOT NULL DEFAULT '';
ALTER TABLE apps ADD COLUMN client_secret BLOB;
ALTER TABLE apps ADD COLUMN redirect_uris TEXT NOT NULL DEFAULT '[]';
ALTER TABLE apps ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
UPDATE apps SET client_id = CAST(id AS TEXT);
CREATE UNIQUE INDEX apps_client_id ON apps (client_id);

CREATE TABLE owners (
  id INTEGER NOT NULL CONSTRAINT owners_id PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL CONSTRAINT owners_email UNIQUE,
  mobile TEXT NOT NULL,
  password TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE owner_stores (
  owner_id INTEGER NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
  store_id INTEGER NOT NULL REFERENCES stores (id),
  CONSTRAINT owner_stores_id PRIMARY KEY (owner_id, store_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE setup_links (
  digest BLOB NOT NULL PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  digest BLOB NOT NULL PRIMARY KEY,
  owner_id INTEGER NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_oldest ON sessions (created_at);

CREATE TABLE installs (
  store_id INTEGER NOT NULL REFERENCES stores (id),
  app_id INTEGER NOT NULL REFERENCES apps (id),
  owner_id INTEGER REFERENCES owners (id) ON DELETE SET NULL,
  installed_at INTEGER NOT NULL,
  CONSTRAINT installs_id PRIMARY KEY (store_id, app_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE authorizations (
  id INTEGER NOT NULL PRIMARY KEY,
  store_id INTEGER NOT NULL REFERENCES stores (id),
  app_id INTEGER NOT NULL REFERENCES apps (id),
  owner_id INTEGER REFERENCES owners (id) ON DELETE SET NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  code_digest BLOB CONSTRAINT authorizations_code UNIQUE,
  redirect_uri TEXT,
  redirect_given INTEGER,
  challenge TEXT,
  code_expires_at INTEGER,
  code_used_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX authorizations_of_app ON authorizations (store_id, app_id);

CREATE TABLE refresh_tokens (
  digest BLOB NOT NULL PRIMARY KEY,
  authorization_id INTEGER NOT NULL REFERENCES authorizations (id) ON DELETE CASCADE,
  token_id INTEGER NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_of_authorization ON refresh_tokens (authorization_id);

ALTER TABLE tokens ADD COLUMN authorization_id INTEGER REFERENCES authorizations (id);
CREATE INDEX tokens_of_authorization ON tokens (authorization_id);
