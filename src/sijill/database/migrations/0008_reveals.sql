-- Which people see the values of which customers whole, for a few minutes.

-- `customer_id` is 0 for every customer of the store; `reason` is a row of REASONS of audit/model.py.
CREATE TABLE reveals (
  store_id {id} NOT NULL REFERENCES stores (id),
  owner_id {id} NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
  customer_id {id} NOT NULL,
  reason TEXT NOT NULL,
  ticket TEXT NOT NULL,
  begun_at {moment} NOT NULL,
  ends_at {moment} NOT NULL,
  CONSTRAINT reveals_id PRIMARY KEY (store_id, owner_id, customer_id)
) {clustered};

CREATE INDEX reveals_end ON reveals (ends_at);
