-- How linked stores reach their upstream, and what they hear and see of it.

-- Tokens and secrets, sealed, and the base of the OAuth that they are of. `merchant` is the id of the
-- store upstream, `pair` counts the pairs of tokens. The refresh token was sent at `spent_at`, and is
-- never sent again.
CREATE TABLE mirror_links (
  store_id {id} NOT NULL CONSTRAINT mirror_links_store PRIMARY KEY REFERENCES stores (id),
  accounts TEXT NOT NULL,
  merchant {id},
  client_id TEXT NOT NULL,
  pair {number} NOT NULL,
  received_at {moment} NOT NULL,
  expires_at {moment},
  spent_at {moment},
  client_secret {bytes},
  webhook_secret {bytes},
  access {bytes} NOT NULL,
  refresh {bytes}
) {strict};

-- Webhooks of upstream. The body is emptied once it is worked; the digest knows it again.
CREATE TABLE mirror_heard (
  number {serial} NOT NULL PRIMARY KEY,
  store_id {id} NOT NULL REFERENCES stores (id),
  digest {bytes} NOT NULL,
  sequence {number} NOT NULL,
  heard_at {moment} NOT NULL,
  body {json},
  CONSTRAINT mirror_heard_digest UNIQUE (store_id, digest)
) {strict};

CREATE INDEX mirror_heard_waiting ON mirror_heard (store_id, number) WHERE body IS NOT NULL;
CREATE INDEX mirror_heard_worked ON mirror_heard (heard_at) WHERE body IS NULL;

-- How answers of upstream differ from what is known: names of keys and types, no values.
CREATE TABLE mirror_shapes (
  store_id {id} NOT NULL REFERENCES stores (id),
  endpoint TEXT NOT NULL,
  digest {bytes} NOT NULL,
  shape {json} NOT NULL,
  first_at {moment} NOT NULL,
  CONSTRAINT mirror_shapes_digest PRIMARY KEY (store_id, endpoint, digest)
) {clustered};

-- How fresh and how complete a copy was, every few minutes.
CREATE TABLE mirror_history (
  store_id {id} NOT NULL REFERENCES stores (id),
  at {moment} NOT NULL,
  held {number} NOT NULL,
  total {number},
  oldest_confirmed_at {moment},
  CONSTRAINT mirror_history_at PRIMARY KEY (store_id, at)
) {clustered};
