-- Webhooks: the outbox of events, who is told, and how each delivery stands. Secrets and custom
-- headers are sealed. An event without a position is one that nobody has looked at yet.

CREATE TABLE webhooks (
  id BIGINT NOT NULL CONSTRAINT webhooks_id PRIMARY KEY,
  store_id BIGINT NOT NULL REFERENCES stores (id),
  app_id BIGINT NOT NULL REFERENCES apps (id),
  name TEXT NOT NULL,
  event TEXT NOT NULL,
  url TEXT NOT NULL,
  version BIGINT NOT NULL,
  rule TEXT,
  headers BYTEA NOT NULL,
  strategy TEXT NOT NULL,
  secret BYTEA,
  created_at BIGINT NOT NULL,
  failing_since BIGINT,
  paused TEXT,
  CONSTRAINT webhooks_url UNIQUE (store_id, app_id, url, event)
);

-- The number is that of writing: whoever writes of a customer holds it, so it is the order.
CREATE TABLE events (
  number BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT events_number PRIMARY KEY,
  id TEXT NOT NULL CONSTRAINT events_id UNIQUE,
  store_id BIGINT NOT NULL REFERENCES stores (id),
  name TEXT NOT NULL,
  at BIGINT NOT NULL,
  body BYTEA NOT NULL,
  customer_id BIGINT,
  app_id BIGINT REFERENCES apps (id),
  position BIGINT
);

CREATE UNIQUE INDEX events_position ON events (position);
CREATE INDEX events_new ON events (number) WHERE position IS NULL;
CREATE INDEX events_of_store ON events (store_id, position);
CREATE INDEX events_at ON events (at);

CREATE TABLE deliveries (
  webhook_id BIGINT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  status BIGINT,
  error TEXT,
  CONSTRAINT deliveries_id PRIMARY KEY (webhook_id, event_id)
);

CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at) WHERE state = 'pending';
CREATE INDEX deliveries_of_event ON deliveries (event_id);
CREATE INDEX deliveries_newest ON deliveries (created_at);

-- The largest position that was ever given, and the one up to which events were dropped by age.
CREATE TABLE feed (
  id BIGINT NOT NULL PRIMARY KEY,
  newest BIGINT NOT NULL,
  dropped BIGINT NOT NULL
);

INSERT INTO feed (id, newest, dropped) VALUES (1, 0, 0);

-- Where an app hears of its own installs, and how such a delivery proves itself.
ALTER TABLE apps ADD COLUMN webhook_url TEXT NOT NULL DEFAULT '';
ALTER TABLE apps ADD COLUMN webhook_secret BYTEA;
