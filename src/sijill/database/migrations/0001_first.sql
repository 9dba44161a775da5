-- The first schema. The words in braces are WORDS of sql.py. The code reads the names of
-- constraints to say which value is taken: see conflicts.py.

CREATE TABLE schema_migrations (
  version {number} NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at {moment} NOT NULL
) {strict};


-- Stores and who may speak for them. Tokens, codes, secrets of apps and cookies are stored as their
-- SHA-256 alone, passwords as Argon2id. Secrets of webhooks are sealed, for they have to be read.

CREATE TABLE stores (
  id {id} NOT NULL CONSTRAINT stores_id PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT stores_name UNIQUE,
  plan TEXT,
  profile TEXT NOT NULL,
  timezone TEXT NOT NULL,
  locale TEXT NOT NULL,
  currency TEXT NOT NULL,
  customer_url TEXT NOT NULL,
  admin_url TEXT NOT NULL,
  avatar_male TEXT NOT NULL,
  avatar_female TEXT NOT NULL,
  created_at {moment} NOT NULL
) {strict};

-- `wallets` says whether an app may move money at all, `webhook_url` where it hears of its own
-- installs, and the two columns behind it how such a delivery proves itself.
CREATE TABLE apps (
  id {id} NOT NULL CONSTRAINT apps_id PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT apps_name UNIQUE,
  created_at {moment} NOT NULL,
  wallets {boolean} NOT NULL DEFAULT TRUE,
  client_id TEXT NOT NULL DEFAULT '',
  client_secret {bytes},
  redirect_uris {json} NOT NULL DEFAULT '[]',
  scopes TEXT NOT NULL DEFAULT '',
  webhook_url TEXT NOT NULL DEFAULT '',
  webhook_strategy TEXT NOT NULL DEFAULT 'signature',
  webhook_secret {bytes}
) {strict};

CREATE UNIQUE INDEX apps_client_id ON apps (client_id);

CREATE TABLE owners (
  id {id} NOT NULL CONSTRAINT owners_id PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL CONSTRAINT owners_email UNIQUE,
  mobile TEXT NOT NULL,
  password TEXT NOT NULL,
  created_at {moment} NOT NULL
) {clustered};

CREATE TABLE owner_stores (
  owner_id {id} NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
  store_id {id} NOT NULL REFERENCES stores (id),
  CONSTRAINT owner_stores_id PRIMARY KEY (owner_id, store_id)
) {clustered};

CREATE INDEX owner_stores_of_store ON owner_stores (store_id);

CREATE TABLE setup_links (
  digest {bytes} NOT NULL PRIMARY KEY,
  expires_at {moment} NOT NULL
) {clustered};

CREATE TABLE sessions (
  digest {bytes} NOT NULL PRIMARY KEY,
  owner_id {id} NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
  created_at {moment} NOT NULL,
  seen_at {moment} NOT NULL
) {clustered};

CREATE INDEX sessions_oldest ON sessions (created_at);

CREATE TABLE installs (
  store_id {id} NOT NULL REFERENCES stores (id),
  app_id {id} NOT NULL REFERENCES apps (id),
  owner_id {id} REFERENCES owners (id) ON DELETE SET NULL,
  installed_at {moment} NOT NULL,
  CONSTRAINT installs_id PRIMARY KEY (store_id, app_id)
) {clustered};

-- What an owner agreed to, with the code that was handed out for it, if one was.
CREATE TABLE authorizations (
  id {id} NOT NULL PRIMARY KEY,
  store_id {id} NOT NULL REFERENCES stores (id),
  app_id {id} NOT NULL REFERENCES apps (id),
  owner_id {id} REFERENCES owners (id) ON DELETE SET NULL,
  scopes TEXT NOT NULL,
  created_at {moment} NOT NULL,
  code_digest {bytes} CONSTRAINT authorizations_code UNIQUE,
  redirect_uri TEXT,
  redirect_given {boolean},
  challenge TEXT,
  code_expires_at {moment},
  code_used_at {moment},
  revoked_at {moment}
) {clustered};

CREATE INDEX authorizations_of_app ON authorizations (store_id, app_id);
CREATE INDEX authorizations_codes ON authorizations (code_expires_at);

CREATE TABLE tokens (
  digest {bytes} NOT NULL CONSTRAINT tokens_digest PRIMARY KEY,
  id {id} NOT NULL CONSTRAINT tokens_id UNIQUE,
  store_id {id} NOT NULL REFERENCES stores (id),
  app_id {id} NOT NULL REFERENCES apps (id),
  scopes TEXT NOT NULL,
  hint TEXT NOT NULL,
  created_at {moment} NOT NULL,
  expires_at {moment},
  revoked_at {moment},
  authorization_id {id} REFERENCES authorizations (id)
) {clustered};

CREATE INDEX tokens_of_store ON tokens (store_id, id);
CREATE INDEX tokens_of_authorization ON tokens (authorization_id);
CREATE INDEX tokens_of_app ON tokens (store_id, app_id) WHERE revoked_at IS NULL;

CREATE TABLE refresh_tokens (
  digest {bytes} NOT NULL PRIMARY KEY,
  authorization_id {id} NOT NULL REFERENCES authorizations (id) ON DELETE CASCADE,
  token_id {id} NOT NULL,
  scopes TEXT NOT NULL,
  created_at {moment} NOT NULL,
  expires_at {moment} NOT NULL,
  used_at {moment}
) {clustered};

CREATE INDEX refresh_tokens_of_authorization ON refresh_tokens (authorization_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);
CREATE INDEX refresh_tokens_unused ON refresh_tokens (authorization_id) WHERE used_at IS NULL;


-- Customers. PostgreSQL refuses NUL in a text, so SQLite does where people type. `terms` are what a
-- customer is found by, between spaces. On SQLite rows lie in the order of their `number`, which is
-- that of writing and is never given twice: new rows fill pages one after another, and the index of
-- terms refers to it.

CREATE TABLE customers (
  -- only sqlite
  number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  -- end
  store_id {id} NOT NULL REFERENCES stores (id),
  id {id} NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  mobile {number},
  mobile_code TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT,
  avatar TEXT NOT NULL,
  gender TEXT,
  birthday {day},
  city TEXT NOT NULL,
  country TEXT NOT NULL,
  country_code TEXT NOT NULL,
  currency TEXT NOT NULL,
  location TEXT NOT NULL,
  lang TEXT NOT NULL,
  created_at {moment} NOT NULL,
  updated_at {moment} NOT NULL,
  is_blocked {boolean} NOT NULL DEFAULT FALSE,
  is_whitelisted {boolean} NOT NULL DEFAULT FALSE,
  block_reason TEXT,
  is_inactive {boolean} NOT NULL DEFAULT FALSE,
  orders_count {number} NOT NULL DEFAULT 0,
  orders_amount {real} NOT NULL DEFAULT 0,
  orders_average {real} NOT NULL DEFAULT 0,
  orders_complete_ratio {real} NOT NULL DEFAULT 0,
  orders_cancel_ratio {real} NOT NULL DEFAULT 0,
  orders_cancel {number} NOT NULL DEFAULT 0,
  latest_purchase {moment},
  abandoned_carts_items {json},
  wallet_balance {real} NOT NULL DEFAULT 0,
  total_points {number} NOT NULL DEFAULT 0,
  country_id {id},
  custom_fields {json} NOT NULL DEFAULT '[]',
  current_store_customer {json},
  is_orders_rated {boolean} NOT NULL DEFAULT FALSE,
  pending_rating_count {number} NOT NULL DEFAULT 0,
  is_notifications_enabled {boolean} NOT NULL DEFAULT TRUE,
  terms TEXT NOT NULL,
  -- only sqlite
  CONSTRAINT customers_id UNIQUE (store_id, id),
  CONSTRAINT customers_without_nul CHECK (
    instr(
      first_name || last_name || mobile_code || email || avatar || coalesce(gender, '')
      || city || country || country_code || currency || location || lang
      || coalesce(block_reason, ''),
      char(0)
    ) = 0
  )
  -- only postgres
  CONSTRAINT customers_id PRIMARY KEY (store_id, id)
  -- end
) {strict};

CREATE UNIQUE INDEX customers_email ON customers (store_id, email_key);
CREATE UNIQUE INDEX customers_mobile ON customers (store_id, mobile_code, mobile);
CREATE INDEX customers_newest ON customers (store_id, created_at DESC, id DESC);

-- How many customers were created in each bucket of moments; see customers/counts.py. PostgreSQL has
-- 16 rows for each bucket: transactions at the same time lock and change different ones. There a
-- transaction deletes from its own row, which may become negative; only their sum means something.
-- All lock from the largest shift on, so that none waits in a circle.

CREATE TABLE customer_counts (
  store_id {id} NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
  shift {number} NOT NULL,
  bucket {number} NOT NULL,
  -- only sqlite
  customers INTEGER NOT NULL,
  CONSTRAINT customer_counts_id PRIMARY KEY (store_id, shift, bucket)
  -- only postgres
  part BIGINT NOT NULL,
  customers BIGINT NOT NULL,
  CONSTRAINT customer_counts_id PRIMARY KEY (store_id, shift, bucket, part)
  -- end
) {clustered};

CREATE VIEW customer_count_levels (shift) AS
-- only sqlite
VALUES (63), (45), (38), (31), (25);
-- only postgres
VALUES (63), (45), (38), (31);
-- end

-- only sqlite
CREATE TRIGGER customers_counted AFTER INSERT ON customers BEGIN
  INSERT INTO customer_counts (store_id, shift, bucket, customers)
  SELECT new.store_id, shift, new.created_at >> shift, 1 FROM customer_count_levels WHERE TRUE
  ON CONFLICT DO UPDATE SET customers = customers + excluded.customers;
END;

CREATE TRIGGER customers_uncounted AFTER DELETE ON customers BEGIN
  INSERT INTO customer_counts (store_id, shift, bucket, customers)
  SELECT old.store_id, shift, old.created_at >> shift, -1 FROM customer_count_levels WHERE TRUE
  ON CONFLICT DO UPDATE SET customers = customers + excluded.customers;
END;

CREATE TRIGGER customers_recounted AFTER UPDATE OF created_at ON customers
WHEN old.created_at <> new.created_at BEGIN
  INSERT INTO customer_counts (store_id, shift, bucket, customers)
  SELECT new.store_id, shift, moment >> shift, change
  FROM (
    SELECT old.created_at AS moment, -1 AS change UNION ALL SELECT new.created_at, 1
  ) AS changed
  CROSS JOIN customer_count_levels WHERE TRUE
  ON CONFLICT DO UPDATE SET customers = customers + excluded.customers;
END;
-- only postgres
CREATE FUNCTION count_customers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO customer_counts (store_id, shift, bucket, part, customers)
  SELECT
    store_id, shift, created_at >> shift, pg_backend_pid() % 16,
    count(*) * CAST(TG_ARGV[0] AS BIGINT)
  FROM changed CROSS JOIN customer_count_levels
  GROUP BY 1, 2, 3 ORDER BY 1, 2 DESC, 3
  ON CONFLICT (store_id, shift, bucket, part)
  DO UPDATE SET customers = customer_counts.customers + excluded.customers;
  RETURN NULL;
END $$;

CREATE FUNCTION recount_customer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO customer_counts (store_id, shift, bucket, part, customers)
  SELECT new.store_id, shift, moment >> shift, pg_backend_pid() % 16, sum(change)
  FROM (VALUES (old.created_at, -1), (new.created_at, 1)) AS changed (moment, change)
  CROSS JOIN customer_count_levels
  GROUP BY 1, 2, 3 HAVING sum(change) <> 0 ORDER BY 1, 2 DESC, 3
  ON CONFLICT (store_id, shift, bucket, part)
  DO UPDATE SET customers = customer_counts.customers + excluded.customers;
  RETURN NULL;
END $$;

CREATE TRIGGER customers_counted AFTER INSERT ON customers
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_customers('1');

CREATE TRIGGER customers_uncounted AFTER DELETE ON customers
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_customers('-1');

CREATE TRIGGER customers_recounted AFTER UPDATE OF created_at ON customers
FOR EACH ROW WHEN (old.created_at <> new.created_at) EXECUTE FUNCTION recount_customer();
-- end

-- The ids of customers who are gone, so that no other customer gets one of them.
CREATE TABLE deleted_customers (
  store_id {id} NOT NULL REFERENCES stores (id),
  id {id} NOT NULL,
  deleted_at {moment} NOT NULL,
  CONSTRAINT deleted_customers_id PRIMARY KEY (store_id, id)
) {clustered};

-- The keys of requests that are done once, and the id that each request resulted in.
CREATE TABLE idempotency_keys (
  store_id {id} NOT NULL REFERENCES stores (id),
  app_id {id} NOT NULL REFERENCES apps (id),
  idempotency_key TEXT NOT NULL,
  fingerprint {bytes} NOT NULL,
  done_at {moment} NOT NULL,
  result {id} NOT NULL,
  CONSTRAINT idempotency_keys_key PRIMARY KEY (store_id, app_id, idempotency_key)
) {clustered};

CREATE INDEX idempotency_keys_age ON idempotency_keys (done_at);


-- Search: the index takes the terms of customers as they are. On SQLite it is a table of its own,
-- whose tokenizer cuts at spaces alone, for it takes every character that is not ASCII as part of a
-- term. Writing to it costs as much for one row as for many, so new customers come into it together,
-- at the end of a commit: `search_index` holds the number of the newest one in it. A customer that
-- is changed or deleted before is not in it yet. Secure-delete removes deleted terms from the file.
-- On PostgreSQL new terms wait in a list, which halves the work of a create; the bound of the list, in
-- kB, is what a search has to walk through at most.

-- only sqlite
CREATE VIRTUAL TABLE customer_terms USING fts5 (
  terms,
  content = 'customers',
  content_rowid = 'number',
  tokenize = "ascii tokenchars ':'",
  detail = none,
  columnsize = 0
);

INSERT INTO customer_terms (customer_terms, rank) VALUES ('secure-delete', 1);

CREATE TABLE search_index (
  id INTEGER NOT NULL PRIMARY KEY,
  newest INTEGER NOT NULL
) STRICT;

INSERT INTO search_index (id, newest) VALUES (1, 0);

CREATE TRIGGER search_index_advanced AFTER UPDATE OF newest ON search_index BEGIN
  INSERT INTO customer_terms (rowid, terms)
  SELECT number, terms FROM customers WHERE number > old.newest;
END;

CREATE TRIGGER customers_unindexed AFTER DELETE ON customers
WHEN old.number <= (SELECT newest FROM search_index) BEGIN
  INSERT INTO customer_terms (customer_terms, rowid, terms)
  VALUES ('delete', old.number, old.terms);
END;

CREATE TRIGGER customers_reindexed AFTER UPDATE OF terms ON customers
WHEN old.terms <> new.terms AND old.number <= (SELECT newest FROM search_index) BEGIN
  INSERT INTO customer_terms (customer_terms, rowid, terms)
  VALUES ('delete', old.number, old.terms);
  INSERT INTO customer_terms (rowid, terms) VALUES (new.number, new.terms);
END;
-- only postgres
CREATE INDEX customers_terms ON customers
USING gin (array_to_tsvector(string_to_array(terms, ' '))) WITH (gin_pending_list_limit = 256);
-- end


-- Customer groups. A customer is in a group by hand or by its conditions, or both: two rows.

-- `evaluate_after` is the last customer that changed conditions were evaluated for, NULL for all.
-- The default group of a store counts the changes of all its groups in `revision`.
CREATE TABLE customer_groups (
  store_id {id} NOT NULL REFERENCES stores (id),
  id {id} NOT NULL,
  name TEXT NOT NULL,
  is_default {boolean} NOT NULL DEFAULT FALSE,
  conditions {json} NOT NULL DEFAULT '[]',
  features {json} NOT NULL DEFAULT '{}',
  evaluate_after {id},
  revision {number} NOT NULL DEFAULT 0,
  -- only sqlite
  CONSTRAINT customer_groups_without_nul CHECK (instr(name, char(0)) = 0),
  -- end
  CONSTRAINT customer_groups_id PRIMARY KEY (store_id, id)
) {clustered};

CREATE UNIQUE INDEX customer_groups_default ON customer_groups (store_id) WHERE is_default;
CREATE INDEX customer_groups_pending ON customer_groups (store_id, id)
  WHERE evaluate_after IS NOT NULL;

-- `member` is the customer's id; on SQLite it is the number of its row, in whose order both indexes
-- grow, and it leads the key, by which the deletion of a customer finds its memberships.
CREATE TABLE memberships (
  store_id {id} NOT NULL,
  member {id} NOT NULL,
  group_id {id} NOT NULL,
  source TEXT NOT NULL DEFAULT 'manual' CHECK (source IN ('manual', 'condition')),
  -- only sqlite
  CONSTRAINT memberships_id PRIMARY KEY (member, store_id, group_id, source),
  FOREIGN KEY (member) REFERENCES customers (number) ON DELETE CASCADE,
  -- only postgres
  CONSTRAINT memberships_id PRIMARY KEY (store_id, member, group_id, source),
  FOREIGN KEY (store_id, member) REFERENCES customers (store_id, id) ON DELETE CASCADE,
  -- end
  FOREIGN KEY (store_id, group_id) REFERENCES customer_groups (store_id, id)
) {clustered};

CREATE INDEX memberships_of_group ON memberships (store_id, group_id, source, member);


-- Ledgers: every movement of a wallet and of loyalty points, next to the balance the customer has.
-- An entry without an app was written with the customer: by an import, a seeding, an operator.
-- A wallet's ledger is opened by its first movement; amounts are in the currency's smallest unit.

CREATE TABLE wallet_entries (
  store_id {id} NOT NULL,
  customer_id {id} NOT NULL,
  number {number} NOT NULL,
  amount {number} NOT NULL,
  balance {number} NOT NULL,
  app_id {id} REFERENCES apps (id),
  at {moment} NOT NULL,
  CONSTRAINT wallet_entries_id PRIMARY KEY (store_id, customer_id, number),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
) {clustered};

CREATE TABLE loyalty_entries (
  store_id {id} NOT NULL,
  customer_id {id} NOT NULL,
  number {number} NOT NULL,
  points {number} NOT NULL,
  balance {number} NOT NULL,
  reason TEXT NOT NULL,
  app_id {id} REFERENCES apps (id),
  at {moment} NOT NULL,
  -- only sqlite
  CONSTRAINT loyalty_entries_without_nul CHECK (instr(reason, char(0)) = 0),
  -- end
  CONSTRAINT loyalty_entries_id PRIMARY KEY (store_id, customer_id, number),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
) {clustered};


-- Uploaded files of customers: their rows in batches until they are worked off, the rows that were
-- refused, and the customers that were made, so that these can be taken back.

CREATE TABLE imports (
  store_id {id} NOT NULL REFERENCES stores (id),
  id {id} NOT NULL,
  app_id {id} NOT NULL REFERENCES apps (id),
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  row_count {number} NOT NULL,
  done_count {number} NOT NULL,
  created_count {number} NOT NULL,
  updated_count {number} NOT NULL,
  rejected_count {number} NOT NULL,
  created_at {moment} NOT NULL,
  finished_at {moment},
  worker TEXT NOT NULL DEFAULT '',
  held_until {moment} NOT NULL DEFAULT 0,
  CONSTRAINT imports_id PRIMARY KEY (store_id, id)
) {clustered};

CREATE INDEX imports_open ON imports (created_at) WHERE state IN ('queued', 'running');

CREATE TABLE import_batches (
  store_id {id} NOT NULL,
  import_id {id} NOT NULL,
  number {number} NOT NULL,
  content {json} NOT NULL,
  CONSTRAINT import_batches_number PRIMARY KEY (store_id, import_id, number),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
) {strict};

CREATE TABLE import_rejects (
  store_id {id} NOT NULL,
  import_id {id} NOT NULL,
  line {number} NOT NULL,
  reason TEXT NOT NULL,
  cells {json} NOT NULL,
  CONSTRAINT import_rejects_line PRIMARY KEY (store_id, import_id, line),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
) {strict};

CREATE TABLE import_created (
  store_id {id} NOT NULL,
  import_id {id} NOT NULL,
  customer_id {id} NOT NULL,
  updated_at {moment} NOT NULL,
  CONSTRAINT import_created_customer PRIMARY KEY (store_id, import_id, customer_id),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
) {clustered};


-- Webhooks: the subscriptions, the outbox of events, and the state of each delivery. Secrets and
-- custom headers are sealed.

CREATE TABLE webhooks (
  id {id} NOT NULL CONSTRAINT webhooks_id PRIMARY KEY,
  store_id {id} NOT NULL REFERENCES stores (id),
  app_id {id} NOT NULL REFERENCES apps (id),
  name TEXT NOT NULL,
  event TEXT NOT NULL,
  url TEXT NOT NULL,
  version {number} NOT NULL,
  rule TEXT,
  headers {bytes} NOT NULL,
  strategy TEXT NOT NULL,
  secret {bytes},
  created_at {moment} NOT NULL,
  failing_since {moment},
  paused TEXT,
  CONSTRAINT webhooks_url UNIQUE (store_id, app_id, url, event)
) {strict};

-- `number` is the order of writing, and so the order of a customer's events: a transaction locks
-- the customer that it changes. `position` is the place in the feed of its store; a worker gives it
-- later. The body is NULL once its customer was deleted.
CREATE TABLE events (
  number {serial} NOT NULL CONSTRAINT events_number PRIMARY KEY,
  id TEXT NOT NULL CONSTRAINT events_id UNIQUE,
  store_id {id} NOT NULL REFERENCES stores (id),
  name TEXT NOT NULL,
  at {moment} NOT NULL,
  body {bytes},
  customer_id {id},
  app_id {id} REFERENCES apps (id),
  position {number}
) {strict};

CREATE UNIQUE INDEX events_position ON events (store_id, position);
CREATE INDEX events_new ON events (number) WHERE position IS NULL;
CREATE INDEX events_at ON events (at);
CREATE INDEX events_of_customer ON events (store_id, customer_id);

CREATE TABLE deliveries (
  webhook_id {id} NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  event TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts {number} NOT NULL DEFAULT 0,
  created_at {moment} NOT NULL,
  next_at {moment} NOT NULL,
  status {number},
  error TEXT,
  CONSTRAINT deliveries_id PRIMARY KEY (webhook_id, event_id)
) {strict};

CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at) WHERE state = 'pending';
CREATE INDEX deliveries_of_event ON deliveries (event_id);
CREATE INDEX deliveries_newest ON deliveries (created_at);
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, state, created_at, event);

-- For each store the largest position that was ever given, and the one up to which events were
-- dropped. The lock of the row is the right to give positions in the store.
CREATE TABLE feed (
  store_id {id} NOT NULL CONSTRAINT feed_store PRIMARY KEY REFERENCES stores (id)
    ON DELETE CASCADE,
  newest {number} NOT NULL,
  dropped {number} NOT NULL
) {clustered};
