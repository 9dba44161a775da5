-- The first schema, on PostgreSQL. Moments are microseconds of the UTC epoch, a birthday is
-- YYYY-MM-DD, and lists and objects are JSON as text. The names of constraints are part of the code:
-- see storage/conflicts.py.

CREATE TABLE schema_migrations (
  version BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at BIGINT NOT NULL
);

CREATE TABLE stores (
  id BIGINT NOT NULL CONSTRAINT stores_id PRIMARY KEY,
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
);

CREATE TABLE apps (
  id BIGINT NOT NULL CONSTRAINT apps_id PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT apps_name UNIQUE,
  created_at BIGINT NOT NULL
);

CREATE TABLE tokens (
  digest BYTEA NOT NULL CONSTRAINT tokens_digest PRIMARY KEY,
  id BIGINT NOT NULL CONSTRAINT tokens_id UNIQUE,
  store_id BIGINT NOT NULL REFERENCES stores (id),
  app_id BIGINT NOT NULL REFERENCES apps (id),
  scopes TEXT NOT NULL,
  hint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);

CREATE INDEX tokens_of_store ON tokens (store_id, id);

CREATE TABLE customers (
  store_id BIGINT NOT NULL REFERENCES stores (id),
  id BIGINT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  mobile BIGINT,
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
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  is_blocked BOOLEAN NOT NULL DEFAULT FALSE,
  is_whitelisted BOOLEAN NOT NULL DEFAULT FALSE,
  block_reason TEXT,
  is_inactive BOOLEAN NOT NULL DEFAULT FALSE,
  orders_count BIGINT NOT NULL DEFAULT 0,
  orders_amount DOUBLE PRECISION NOT NULL DEFAULT 0,
  orders_average DOUBLE PRECISION NOT NULL DEFAULT 0,
  orders_complete_ratio DOUBLE PRECISION NOT NULL DEFAULT 0,
  orders_cancel_ratio DOUBLE PRECISION NOT NULL DEFAULT 0,
  orders_cancel BIGINT NOT NULL DEFAULT 0,
  latest_purchase BIGINT,
  abandoned_carts_items TEXT,
  wallet_balance DOUBLE PRECISION NOT NULL DEFAULT 0,
  total_points BIGINT NOT NULL DEFAULT 0,
  country_id BIGINT,
  custom_fields TEXT NOT NULL DEFAULT '[]',
  current_store_customer TEXT,
  is_orders_rated BOOLEAN NOT NULL DEFAULT FALSE,
  pending_rating_count BIGINT NOT NULL DEFAULT 0,
  is_notifications_enabled BOOLEAN NOT NULL DEFAULT TRUE,
  CONSTRAINT customers_id PRIMARY KEY (store_id, id)
);

CREATE UNIQUE INDEX customers_email ON customers (store_id, email_key);
CREATE UNIQUE INDEX customers_mobile ON customers (store_id, mobile_code, mobile);
CREATE INDEX customers_newest ON customers (store_id, created_at DESC, id DESC);

CREATE TABLE memberships (
  store_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  CONSTRAINT memberships_id PRIMARY KEY (store_id, customer_id, group_id),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
);
