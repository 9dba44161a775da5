-- People have a role; one who is suspended cannot sign in. Everybody until now was an owner.

ALTER TABLE owners ADD COLUMN role TEXT NOT NULL DEFAULT 'owner'
  CONSTRAINT owners_role CHECK (role IN ('viewer', 'support', 'owner'));

ALTER TABLE owners ADD COLUMN suspended_at {moment};
