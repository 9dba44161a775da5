-- Changes of all customers of a selection, and their progress.

-- bulk_columns
-- A change, in the order of `BulkChange`.
store_id, id, person_id, action, selection, reason, group_id, state, total, done, changed, refused,
place_at, place_id, created_at, finished_at

-- insert_bulk_change
-- A new change.
INSERT INTO bulk_changes ({bulk_columns})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)

-- bulk_change
-- One change.
SELECT {bulk_columns} FROM bulk_changes WHERE store_id = $1 AND id = $2

-- lock_bulk_change
-- The same, locked until the transaction ends.
SELECT {bulk_columns} FROM bulk_changes WHERE store_id = $1 AND id = $2 {for_update}

-- bulk_changes
-- The newest changes of a store.
SELECT {bulk_columns} FROM bulk_changes WHERE store_id = $1
ORDER BY created_at DESC, id DESC LIMIT $2

-- next_bulk_change
-- The oldest change with work to do that no worker holds.
SELECT {bulk_columns} FROM bulk_changes
WHERE state IN ('counting', 'running') AND held_until <= $1 ORDER BY created_at LIMIT 1

-- take_bulk_change
-- Claim a change, unless another worker was faster.
UPDATE bulk_changes SET worker = $3, held_until = $5
WHERE store_id = $1 AND id = $2 AND state IN ('counting', 'running') AND held_until <= $4

-- hold_bulk_change
-- Extend the claim on a change; no row changes if another worker holds it, or it was stopped.
UPDATE bulk_changes SET held_until = $4
WHERE store_id = $1 AND id = $2 AND worker = $3 AND state IN ('counting', 'running')

-- count_bulk_change
-- Note how many customers a change is about: it waits for its confirmation.
UPDATE bulk_changes SET total = $3, state = 'waiting', worker = '', held_until = 0
WHERE store_id = $1 AND id = $2 AND state = 'counting'

-- advance_bulk_change
-- The progress of a change.
UPDATE bulk_changes SET
  done = done + $3, changed = changed + $4, refused = refused + $5, place_at = $6, place_id = $7
WHERE store_id = $1 AND id = $2

-- set_bulk_state
-- Begin a change, or end it; the first moment of its end stays.
UPDATE bulk_changes SET
  state = $3, finished_at = coalesce(finished_at, $4), worker = '', held_until = 0
WHERE store_id = $1 AND id = $2

-- forget_bulk_changes
-- Delete changes that ended, or were never confirmed, long ago.
DELETE FROM bulk_changes
WHERE coalesce(finished_at, created_at) < $1 AND state NOT IN ('counting', 'running')
