-- Lists of customers for people: the members of a group and the banned ones, newest first, by an
-- index of each. A membership has what its order needs of its customer, and a trigger keeps it true.
-- On PostgreSQL the member is the customer's id.

ALTER TABLE memberships ADD COLUMN created_at {moment} NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN is_blocked {boolean} NOT NULL DEFAULT FALSE;

-- only sqlite
ALTER TABLE memberships ADD COLUMN customer_id INTEGER NOT NULL DEFAULT 0;

UPDATE memberships SET (customer_id, created_at, is_blocked) = (
  SELECT c.id, c.created_at, c.is_blocked FROM customers AS c WHERE c.number = memberships.member
);

CREATE INDEX memberships_newest
  ON memberships (store_id, group_id, created_at DESC, customer_id DESC, source);
CREATE INDEX memberships_banned
  ON memberships (store_id, group_id, created_at DESC, customer_id DESC, source) WHERE is_blocked;

CREATE TRIGGER customers_moved AFTER UPDATE OF created_at, is_blocked ON customers
WHEN old.created_at <> new.created_at OR old.is_blocked <> new.is_blocked BEGIN
  UPDATE memberships SET created_at = new.created_at, is_blocked = new.is_blocked
  WHERE member = new.number;
END;
-- only postgres
UPDATE memberships AS m SET created_at = c.created_at, is_blocked = c.is_blocked
FROM customers AS c WHERE c.store_id = m.store_id AND c.id = m.member;

CREATE INDEX memberships_newest
  ON memberships (store_id, group_id, created_at DESC, member DESC, source);
CREATE INDEX memberships_banned
  ON memberships (store_id, group_id, created_at DESC, member DESC, source) WHERE is_blocked;

CREATE FUNCTION move_memberships() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE memberships SET created_at = new.created_at, is_blocked = new.is_blocked
  WHERE store_id = new.store_id AND member = new.id;
  RETURN NULL;
END $$;

CREATE TRIGGER customers_moved AFTER UPDATE OF created_at, is_blocked ON customers
FOR EACH ROW WHEN (old.created_at <> new.created_at OR old.is_blocked <> new.is_blocked)
EXECUTE FUNCTION move_memberships();
-- end

CREATE INDEX customers_banned ON customers (store_id, created_at DESC, id DESC) WHERE is_blocked;
