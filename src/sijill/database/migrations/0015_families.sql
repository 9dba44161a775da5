-- A refresh token knows its store, and authorizations are referred to within their store: a
-- PostgreSQL that is distributed by store can hold them. On SQLite the old keys are as good. The
-- webhooks that the mirror heard are numbered within their store for the same reason.

ALTER TABLE refresh_tokens ADD COLUMN store_id {id} NOT NULL DEFAULT 0;

UPDATE refresh_tokens SET store_id = (
  SELECT a.store_id FROM authorizations AS a WHERE a.id = refresh_tokens.authorization_id
);

-- only postgres
ALTER TABLE refresh_tokens
  DROP CONSTRAINT refresh_tokens_authorization_id_fkey,
  ALTER COLUMN store_id DROP DEFAULT;
ALTER TABLE tokens DROP CONSTRAINT tokens_authorization_id_fkey;
ALTER TABLE authorizations
  DROP CONSTRAINT authorizations_pkey,
  ADD CONSTRAINT authorizations_id PRIMARY KEY (store_id, id);
ALTER TABLE tokens ADD CONSTRAINT tokens_authorization
  FOREIGN KEY (store_id, authorization_id) REFERENCES authorizations (store_id, id);
ALTER TABLE refresh_tokens ADD CONSTRAINT refresh_tokens_authorization
  FOREIGN KEY (store_id, authorization_id) REFERENCES authorizations (store_id, id)
  ON DELETE CASCADE;

ALTER TABLE mirror_heard
  DROP CONSTRAINT mirror_heard_pkey,
  ADD CONSTRAINT mirror_heard_number PRIMARY KEY (store_id, number);
-- end
