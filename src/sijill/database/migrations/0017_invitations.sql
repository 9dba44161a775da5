-- People who were invited to a store, by one-time links. The id is that of the account to be made.

CREATE TABLE invitations (
  store_id {id} NOT NULL REFERENCES stores (id),
  id {id} NOT NULL,
  digest {bytes} NOT NULL CONSTRAINT invitations_digest UNIQUE,
  owner_id {id} NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  role TEXT NOT NULL,
  expires_at {moment} NOT NULL,
  CONSTRAINT invitations_id PRIMARY KEY (store_id, id)
) {clustered};

CREATE INDEX invitations_email ON invitations (store_id, email_key);
CREATE INDEX invitations_owner ON invitations (owner_id);
CREATE INDEX invitations_end ON invitations (expires_at);
