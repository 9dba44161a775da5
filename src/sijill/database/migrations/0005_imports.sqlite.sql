-- Uploaded files of customers: their rows in batches until they are worked off, the rows that were
-- refused, and the customers that were made, so that these can be taken back.

CREATE TABLE imports (
  store_id INTEGER NOT NULL REFERENCES stores (id),
  id INTEGER NOT NULL,
  app_id INTEGER NOT NULL REFERENCES apps (id),
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  done_count INTEGER NOT NULL,
  created_count INTEGER NOT NULL,
  updated_count INTEGER NOT NULL,
  rejected_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  worker TEXT NOT NULL DEFAULT '',
  held_until INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT imports_id PRIMARY KEY (store_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX imports_open ON imports (created_at) WHERE state IN ('queued', 'running');

CREATE TABLE import_batches (
  store_id INTEGER NOT NULL,
  import_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  content TEXT NOT NULL,
  CONSTRAINT import_batches_number PRIMARY KEY (store_id, import_id, number),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
) STRICT;

CREATE TABLE import_rejects (
  store_id INTEGER NOT NULL,
  import_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  cells TEXT NOT NULL,
  CONSTRAINT import_rejects_line PRIMARY KEY (store_id, import_id, line),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
) STRICT;

CREATE TABLE import_created (
  store_id INTEGER NOT NULL,
  import_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT import_created_customer PRIMARY KEY (store_id, import_id, customer_id),
  FOREIGN KEY (store_id, import_id) REFERENCES imports (store_id, id)
) STRICT, WITHOUT ROWID;
