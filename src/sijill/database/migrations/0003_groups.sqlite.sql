-- Customer groups. A customer is in a group by hand or by its conditions, or both: two rows.
-- `evaluate_after` is the last customer that changed conditions were evaluated for, NULL for all.

CREATE TABLE customer_groups (
  store_id INTEGER NOT NULL REFERENCES stores (id),
  id INTEGER NOT NULL,
  name TEXT NOT NULL CONSTRAINT customer_groups_without_nul CHECK (instr(name, char(0)) = 0),
  is_default INTEGER NOT NULL DEFAULT FALSE,
  conditions TEXT NOT NULL DEFAULT '[]',
  features TEXT NOT NULL DEFAULT '{}',
  evaluate_after INTEGER,
  CONSTRAINT customer_groups_id PRIMARY KEY (store_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX customer_groups_default ON customer_groups (store_id) WHERE is_default;
CREATE INDEX customer_groups_pending ON customer_groups (store_id, id)
  WHERE evaluate_after IS NOT NULL;

-- Groups were ids alone until now: each is named by its id, so that nothing is lost.
INSERT INTO customer_groups (store_id, id, name)
SELECT DISTINCT store_id, group_id, CAST(group_id AS TEXT) FROM memberships;

INSERT INTO customer_groups (store_id, id, name, is_default)
SELECT id, max(1, random() & 2147483647),
  CASE WHEN locale LIKE 'ar%' THEN 'المجموعة الافتراضية' ELSE 'Default' END, TRUE
FROM stores;

CREATE TABLE memberships_with_source (
  store_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  source TEXT NOT NULL DEFAULT 'manual' CHECK (source IN ('manual', 'condition')),
  CONSTRAINT memberships_id PRIMARY KEY (store_id, customer_id, group_id, source),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE,
  FOREIGN KEY (store_id, group_id) REFERENCES customer_groups (store_id, id)
) STRICT, WITHOUT ROWID;

INSERT INTO memberships_with_source (store_id, customer_id, group_id)
SELECT store_id, customer_id, group_id FROM memberships;
DROP TABLE memberships;
ALTER TABLE memberships_with_source RENAME TO memberships;

CREATE INDEX memberships_of_group ON memberships (store_id, group_id, source, customer_id);
