-- The mirror: stores whose customers are a live copy of those of another server, the upstream.

-- `trouble` and `reason` say why a store is not well; see mirror/model.py. `sequence` counts what was
-- asked and heard. `zone` and `calibration` say what is known of the dates of its lists.
CREATE TABLE mirror_stores (
  store_id {id} NOT NULL CONSTRAINT mirror_stores_id PRIMARY KEY REFERENCES stores (id),
  address TEXT NOT NULL,
  egress TEXT NOT NULL,
  linked_at {moment} NOT NULL,
  stage TEXT NOT NULL,
  trouble TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  paused {boolean} NOT NULL DEFAULT FALSE,
  sequence {number} NOT NULL DEFAULT 0,
  total {number},
  total_at {moment},
  largest_total {number} NOT NULL DEFAULT 0,
  zone TEXT NOT NULL DEFAULT '',
  calibration TEXT NOT NULL DEFAULT '',
  probed_at {moment},
  backfilled_at {moment},
  swept_at {moment},
  sweep_wanted {boolean} NOT NULL DEFAULT FALSE,
  refused {number} NOT NULL DEFAULT 0,
  guard_since {moment},
  guard_allowance {number} NOT NULL DEFAULT 0,
  worker TEXT NOT NULL DEFAULT '',
  worker_until {moment} NOT NULL DEFAULT 0
) {strict};

-- A customer beside its row in `customers`: the JSON as upstream sent it, when upstream confirmed it,
-- and the reading of a list that saw it last. One who is gone keeps the last body until retention;
-- of one who was erased there is the id alone.
CREATE TABLE mirror_customers (
  store_id {id} NOT NULL REFERENCES mirror_stores (store_id),
  id {id} NOT NULL,
  state TEXT NOT NULL,
  body {bytes},
  created_at {moment} NOT NULL,
  updated_at {moment} NOT NULL,
  sequence {number} NOT NULL,
  confirmed_at {moment} NOT NULL,
  reading {number} NOT NULL,
  changed_at {moment} NOT NULL,
  CONSTRAINT mirror_customers_id PRIMARY KEY (store_id, id)
) {strict};

CREATE INDEX mirror_customers_created ON mirror_customers (store_id, created_at, state, id);
CREATE INDEX mirror_customers_confirmed ON mirror_customers (store_id, confirmed_at)
WHERE state = 'live';
CREATE INDEX mirror_customers_kept ON mirror_customers (changed_at)
WHERE state = 'gone' AND body IS NOT NULL;
CREATE INDEX mirror_customers_gone ON mirror_customers (store_id, changed_at) WHERE state = 'gone';

-- The days that a list is read in. A day of '' is no bound.
CREATE TABLE mirror_slices (
  store_id {id} NOT NULL REFERENCES mirror_stores (store_id),
  number {number} NOT NULL,
  run TEXT NOT NULL,
  first_day {day} NOT NULL,
  last_day {day} NOT NULL,
  state TEXT NOT NULL,
  total {number},
  next_page {number} NOT NULL DEFAULT 0,
  reading {number} NOT NULL DEFAULT 0,
  begun_at {moment},
  attempts {number} NOT NULL DEFAULT 0,
  due_at {moment} NOT NULL,
  CONSTRAINT mirror_slices_id PRIMARY KEY (store_id, number)
) {clustered};

-- Customers to be asked for one by one: on a hint, or as a suspect, who was missing from a list that was
-- proven. Its first 404 is `missing_since`.
CREATE TABLE mirror_checks (
  store_id {id} NOT NULL REFERENCES mirror_stores (store_id),
  customer_id {id} NOT NULL,
  due_at {moment} NOT NULL,
  state TEXT NOT NULL,
  missing_since {moment},
  attempts {number} NOT NULL DEFAULT 0,
  CONSTRAINT mirror_checks_id PRIMARY KEY (store_id, customer_id)
) {clustered};

CREATE INDEX mirror_checks_due ON mirror_checks (store_id, due_at);

-- The budget of an egress address: the requests of its window, and the lanes that wait.
CREATE TABLE mirror_budgets (
  egress TEXT NOT NULL CONSTRAINT mirror_budgets_id PRIMARY KEY,
  empty_until {moment} NOT NULL
) {strict};

CREATE TABLE mirror_requests (
  number {serial} NOT NULL PRIMARY KEY,
  egress TEXT NOT NULL REFERENCES mirror_budgets (egress),
  lane TEXT NOT NULL,
  at {moment} NOT NULL
) {strict};

CREATE INDEX mirror_requests_window ON mirror_requests (egress, at);

CREATE TABLE mirror_wants (
  egress TEXT NOT NULL REFERENCES mirror_budgets (egress),
  lane TEXT NOT NULL,
  at {moment} NOT NULL,
  CONSTRAINT mirror_wants_id PRIMARY KEY (egress, lane)
) {clustered};
