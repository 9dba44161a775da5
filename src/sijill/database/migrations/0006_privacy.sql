-- The rights of persons: who was erased, whose data is held, what persons asked for.

-- The key of the marks in `erasures`, sealed; the first erasure makes it.
CREATE TABLE erasure_keys (
  id {id} NOT NULL PRIMARY KEY,
  sealed_key {bytes} NOT NULL
) {strict};

-- HMACs of an id, a mobile and an e-mail address: they recognise an erased person, and tell nothing.
CREATE TABLE erasures (
  store_id {id} NOT NULL REFERENCES stores (id),
  mark {bytes} NOT NULL,
  erased_at {moment} NOT NULL,
  CONSTRAINT erasures_mark PRIMARY KEY (store_id, mark)
) {clustered};

-- Persons whose data must stay for now. `reason` is a row of REASONS of privacy/holds.py.
CREATE TABLE holds (
  store_id {id} NOT NULL REFERENCES stores (id),
  customer_id {id} NOT NULL,
  reason TEXT NOT NULL,
  begun_at {moment} NOT NULL,
  ends_at {moment} NOT NULL,
  CONSTRAINT holds_customer PRIMARY KEY (store_id, customer_id)
) {clustered};

-- What persons asked for, without a word of theirs.
CREATE TABLE privacy_requests (
  store_id {id} NOT NULL REFERENCES stores (id),
  id {id} NOT NULL,
  customer_id {id} NOT NULL,
  kind TEXT NOT NULL,
  opened_at {moment} NOT NULL,
  due_at {moment} NOT NULL,
  closed_at {moment},
  outcome TEXT,
  CONSTRAINT privacy_requests_id PRIMARY KEY (store_id, id)
) {clustered};
