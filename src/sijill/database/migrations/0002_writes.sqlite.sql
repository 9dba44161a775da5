-- What writing over HTTP needs: the ids of deleted customers, and requests that are done once.

CREATE TABLE deleted_customers (
  store_id INTEGER NOT NULL REFERENCES stores (id),
  id INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL,
  CONSTRAINT deleted_customers_id PRIMARY KEY (store_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE done_once (
  store_id INTEGER NOT NULL REFERENCES stores (id),
  app_id INTEGER NOT NULL REFERENCES apps (id),
  idempotency_key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  done_at INTEGER NOT NULL,
  result INTEGER NOT NULL,
  CONSTRAINT done_once_key PRIMARY KEY (store_id, app_id, idempotency_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX done_once_age ON done_once (store_id, done_at);
