-- What writing over HTTP needs: the ids of deleted customers, and requests that are done once.

CREATE TABLE deleted_customers (
  store_id BIGINT NOT NULL REFERENCES stores (id),
  id BIGINT NOT NULL,
  deleted_at BIGINT NOT NULL,
  CONSTRAINT deleted_customers_id PRIMARY KEY (store_id, id)
);

CREATE TABLE done_once (
  store_id BIGINT NOT NULL REFERENCES stores (id),
  app_id BIGINT NOT NULL REFERENCES apps (id),
  idempotency_key TEXT NOT NULL,
  fingerprint BYTEA NOT NULL,
  done_at BIGINT NOT NULL,
  result BIGINT NOT NULL,
  CONSTRAINT done_once_key PRIMARY KEY (store_id, app_id, idempotency_key)
);

CREATE INDEX done_once_age ON done_once (store_id, done_at);
