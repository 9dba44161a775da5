-- Changes of all customers of a selection, in the background; and files that a person imports on a
-- page, without an app.

ALTER TABLE imports ALTER COLUMN app_id DROP NOT NULL;
ALTER TABLE imports ADD COLUMN person_id {id};

-- `place_at` and `place_id` are the place of the last customer that was dealt with.
CREATE TABLE bulk_changes (
  store_id {id} NOT NULL REFERENCES stores (id) ON DELETE CASCADE,
  id {id} NOT NULL,
  person_id {id} NOT NULL,
  action TEXT NOT NULL,
  selection {json} NOT NULL,
  reason TEXT NOT NULL,
  group_id {id},
  state TEXT NOT NULL,
  total {number},
  done {number} NOT NULL DEFAULT 0,
  changed {number} NOT NULL DEFAULT 0,
  refused {number} NOT NULL DEFAULT 0,
  place_at {moment} NOT NULL,
  place_id {id} NOT NULL,
  created_at {moment} NOT NULL,
  finished_at {moment},
  worker TEXT NOT NULL DEFAULT '',
  held_until {moment} NOT NULL DEFAULT 0,
  CONSTRAINT bulk_changes_id PRIMARY KEY (store_id, id)
) {clustered};

CREATE INDEX bulk_changes_open ON bulk_changes (created_at)
  WHERE state IN ('counting', 'running');
CREATE INDEX bulk_changes_newest ON bulk_changes (store_id, created_at DESC, id DESC);
