-- Webhooks: the outbox of events, who is told, and how each delivery stands. Secrets and custom
-- headers are sealed. An event without a position is one that nobody has looked at yet.

CREATE TABLE webhooks (
  id INTEGER NOT NULL CONSTRAINT webhooks_id PRIMARY KEY,
  store_id INTEGER NOT NULL REFERENCES stores (id),
  app_id INTEGER NOT NULL REFERENCES apps (id),
  name TEXT NOT NULL,
  event TEXT NOT NULL,
  url TEXT NOT NULL,
  version INTEGER NOT NULL,
  rule TEXT,
  headers BLOB NOT NULL,
  strategy TEXT NOT NULL,
  secret BLOB,
  created_at INTEGER NOT NULL,
  failing_since INTEGER,
  paused TEXT,
  CONSTRAINT webhooks_url UNIQUE (store_id, app_id, url, event)
) STRICT;

-- The number is that of writing: whoever writes of a customer holds it, so it is the order.
CREATE TABLE events (
  number INTEGER NOT NULL CONSTRAINT events_number PRIMARY KEY,
  id TEXT NOT NULL CONSTRAINT events_id UNIQUE,
  store_id INTEGER NOT NULL REFERENCES stores (id),
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  customer_id INTEGER,
  app_id INTEGER REFERENCES apps (id),
  position INTEGER
) STRICT;

CREATE UNIQUE INDEX events_position ON events (position);
CREATE INDEX events_new ON events (number) WHERE position IS NULL;
CREATE INDEX events_of_store ON events (store_id, position);
CREATE INDEX events_at ON events (at);

CREATE TABLE deliveries (
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  CONSTRAINT deliveries_id PRIMARY KEY (webhook_id, event_id)
) STRICT;

CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at) WHERE state = 'pending';
CREATE INDEX deliveries_of_event ON deliveries (event_id);
CREATE INDEX deliveries_newest ON deliveries (created_at);

-- The largest position that was ever given, and the one up to which events were dropped by age.
CREATE TABLE feed (
  id INTEGER NOT NULL PRIMARY KEY,
  newest INTEGER NOT NULL,
  dropped INTEGER NOT NULL
) STRICT;

INSERT INTO feed (id, newest, dropped) VALUES (1, 0, 0);

-- Where an app hears of its own installs, and how such a delivery proves itself.
ALTER TABLE apps ADD COLUMN webhook_url TEXT NOT NULL DEFAULT '';
ALTER TABLE apps ADD COLUMN webhook_secret BLOB;
