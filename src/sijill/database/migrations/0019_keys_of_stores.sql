-- Keys lead with the store, so that a PostgreSQL that is distributed by store can hold them. Digests
-- of 256 random bits and numbers of a sequence never meet, so an index without UNIQUE finds their
-- row. On SQLite, which is never distributed, the old keys are as good.

-- only postgres
ALTER TABLE owner_stores
  DROP CONSTRAINT owner_stores_id,
  ADD CONSTRAINT owner_stores_id PRIMARY KEY (store_id, owner_id);
DROP INDEX owner_stores_of_store;
CREATE INDEX owner_stores_of_owner ON owner_stores (owner_id);

ALTER TABLE authorizations DROP CONSTRAINT authorizations_code;
CREATE INDEX authorizations_code ON authorizations (code_digest) WHERE code_digest IS NOT NULL;

ALTER TABLE refresh_tokens
  DROP CONSTRAINT refresh_tokens_pkey,
  ADD CONSTRAINT refresh_tokens_id PRIMARY KEY (store_id, authorization_id, digest);
DROP INDEX refresh_tokens_of_authorization;
CREATE INDEX refresh_tokens_digest ON refresh_tokens (digest);

ALTER TABLE invitations DROP CONSTRAINT invitations_digest;
CREATE INDEX invitations_digest ON invitations (digest);

-- Rows of events are told apart by `events_id`, which a logical replica needs to know.
ALTER TABLE events DROP CONSTRAINT events_number, REPLICA IDENTITY USING INDEX events_id;
CREATE INDEX events_number ON events (number);
-- end
