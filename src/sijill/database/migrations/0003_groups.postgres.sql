-- Customer groups. A customer is in a group by hand or by its conditions, or both: two rows.
-- `evaluate_after` is the last customer that changed conditions were evaluated for, NULL for all.

CREATE TABLE customer_groups (
  store_id BIGINT NOT NULL REFERENCES stores (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  is_default BOOLEAN NOT NULL DEFAULT FALSE,
  conditions TEXT NOT NULL DEFAULT '[]',
  features TEXT NOT NULL DEFAULT '{}',
  evaluate_after BIGINT,
  CONSTRAINT customer_groups_id PRIMARY KEY (store_id, id)
);

CREATE UNIQUE INDEX customer_groups_default ON customer_groups (store_id) WHERE is_default;
CREATE INDEX customer_groups_pending ON customer_groups (store_id, id)
  WHERE evaluate_after IS NOT NULL;

-- Groups were ids alone until now: each is named by its id, so that nothing is lost.
INSERT INTO customer_groups (store_id, id, name)
SELECT DISTINCT store_id, group_id, CAST(group_id AS TEXT) FROM memberships;

INSERT INTO customer_groups (store_id, id, name, is_default)
SELECT id, 1 + CAST(floor(random() * 2147483647) AS BIGINT),
  CASE WHEN locale LIKE 'ar%' THEN 'المجموعة الافتراضية' ELSE 'Default' END, TRUE
FROM stores;

ALTER TABLE memberships
  ADD COLUMN source TEXT NOT NULL DEFAULT 'manual' CHECK (source IN ('manual', 'condition')),
  DROP CONSTRAINT memberships_id,
  ADD CONSTRAINT memberships_id PRIMARY KEY (store_id, customer_id, group_id, source),
  ADD FOREIGN KEY (store_id, group_id) REFERENCES customer_groups (store_id, id);

CREATE INDEX memberships_of_group ON memberships (store_id, group_id, source, customer_id);
