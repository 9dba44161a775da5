-- How many requests of each app passed its limits, and how many were refused, in each ten minutes.

CREATE TABLE limit_usage (
  store_id {id} NOT NULL REFERENCES stores (id),
  began_at {moment} NOT NULL,
  app_id {id} NOT NULL REFERENCES apps (id),
  customers {boolean} NOT NULL,
  passed {number} NOT NULL,
  refused {number} NOT NULL,
  CONSTRAINT limit_usage_began PRIMARY KEY (store_id, began_at, app_id, customers)
) {clustered};

CREATE INDEX limit_usage_old ON limit_usage (began_at);
CREATE INDEX limit_usage_of_app ON limit_usage (app_id);
