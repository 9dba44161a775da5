-- The first schema, on SQLite. Moments are microseconds of the UTC epoch, a birthday is YYYY-MM-DD,
-- flags are 0 or 1, and lists and objects are JSON as text. NUL is refused, as PostgreSQL does.

CREATE TABLE schema_migrations (
  version INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE stores (
  id INTEGER NOT NULL CONSTRAINT stores_id PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT stores_name UNIQUE,
  plan TEXT,
  profile TEXT NOT NULL,
  timezone TEXT NOT NULL,
  locale TEXT NOT NULL,
  currency TEXT NOT NULL,
  customer_url TEXT NOT NULL,
  admin_url TEXT NOT NULL,
  avatar_male TEXT NOT NULL,
  avatar_female TEXT NOT NULL
) STRICT;

CREATE TABLE apps (
  id INTEGER NOT NULL CONSTRAINT apps_id PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT apps_name UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
  digest BLOB NOT NULL CONSTRAINT tokens_digest PRIMARY KEY,
  id INTEGER NOT NULL CONSTRAINT tokens_id UNIQUE,
  store_id INTEGER NOT NULL REFERENCES stores (id),
  app_id INTEGER NOT NULL REFERENCES apps (id),
  scopes TEXT NOT NULL,
  hint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_of_store ON tokens (store_id, id);

CREATE TABLE customers (
  store_id INTEGER NOT NULL REFERENCES stores (id),
  id INTEGER NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  mobile INTEGER,
  mobile_code TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT,
  avatar TEXT NOT NULL,
  gender TEXT,
  birthday TEXT,
  city TEXT NOT NULL,
  country TEXT NOT NULL,
  country_code TEXT NOT NULL,
  currency TEXT NOT NULL,
  location TEXT NOT NULL,
  lang TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  is_blocked INTEGER NOT NULL DEFAULT FALSE,
  is_whitelisted INTEGER NOT NULL DEFAULT FALSE,
  block_reason TEXT,
  is_inactive INTEGER NOT NULL DEFAULT FALSE,
  orders_count INTEGER NOT NULL DEFAULT 0,
  orders_amount REAL NOT NULL DEFAULT 0,
  orders_average REAL NOT NULL DEFAULT 0,
  orders_complete_ratio REAL NOT NULL DEFAULT 0,
  orders_cancel_ratio REAL NOT NULL DEFAULT 0,
  orders_cancel INTEGER NOT NULL DEFAULT 0,
  latest_purchase INTEGER,
  abandoned_carts_items TEXT,
  wallet_balance REAL NOT NULL DEFAULT 0,
  total_points INTEGER NOT NULL DEFAULT 0,
  country_id INTEGER,
  custom_fields TEXT NOT NULL DEFAULT '[]',
  current_store_customer TEXT,
  is_orders_rated INTEGER NOT NULL DEFAULT FALSE,
  pending_rating_count INTEGER NOT NULL DEFAULT 0,
  is_notifications_enabled INTEGER NOT NULL DEFAULT TRUE,
  CONSTRAINT customers_id PRIMARY KEY (store_id, id),
  CONSTRAINT customers_without_nul CHECK (
    instr(
      first_name || last_name || mobile_code || email || avatar || coalesce(gender, '')
      || city || country || country_code || currency || location || lang
      || coalesce(block_reason, ''),
      char(0)
    ) = 0
  )
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX customers_email ON customers (store_id, email_key);
CREATE UNIQUE INDEX customers_mobile ON customers (store_id, mobile_code, mobile);
CREATE INDEX customers_newest ON customers (store_id, created_at DESC, id DESC);

CREATE TABLE memberships (
  store_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  CONSTRAINT memberships_id PRIMARY KEY (store_id, customer_id, group_id),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
