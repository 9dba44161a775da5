-- Uploaded files of customers: their rows in batches until they are worked off, the rows that were
-- refused, and the customers that were made, so that these can be taken back.

CREATE TABLE imports (
  store_id BIGINT NOT NULL REFERENCES stores (id),
  id BIGINT NOT NULL,
  app_id BIGINT NOT NULL REFERENCES apps (id),
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  done_count BIGINT NOT NULL,
  created_count BIGINT NOT NULL,
  updated_count BIGINT NOT NULL,
  rejected_count BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  worker TEXT NOT NULL DEFAULT '',
  held_until BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT imports_id PRIMARY KEY (store_id, id)
);

CREATE INDEX imports_open ON imports (created_at) WHERE state IN ('queued', 'running');

CREATE TABLE import_batches (
  store_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  content TEXT NOT NULL,
  CONSTRAINT import_batches_number PRIMARY KEY (store_id, import_id, number),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
);

CREATE TABLE import_rejects (
  store_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  reason TEXT NOT NULL,
  cells TEXT NOT NULL,
  CONSTRAINT import_rejects_line PRIMARY KEY (store_id, import_id, line),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
);

CREATE TABLE import_created (
  store_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT import_created_customer PRIMARY KEY (store_id, import_id, customer_id),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
);
