-- Uploaded files: their rows, their progress, their rejects, the customers that they created.

-- import_columns
-- An uploaded file, in the order of `Import`.
store_id, id, app_id, name, language, state, row_count, done_count, created_count, updated_count,
rejected_count, created_at, finished_at, person_id, matched_by

-- insert_import
-- A new uploaded file.
INSERT INTO imports (
  store_id, id, app_id, name, language, state, row_count, done_count, created_count,
  updated_count, rejected_count, created_at, person_id, matched_by, size
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- insert_import_batch
-- Some rows of a file.
INSERT INTO import_batches (store_id, import_id, number, content) VALUES ($1, $2, $3, $4)

-- import
-- One uploaded file.
SELECT {import_columns} FROM imports WHERE store_id = $1 AND id = $2

-- imports
-- Every uploaded file of one store, newest first.
SELECT {import_columns} FROM imports WHERE store_id = $1 ORDER BY created_at DESC, id DESC

-- lock_uploads
-- One transaction of a store at a time counts what its uploads take, and adds to it. The number is
-- Sijill's own.
SELECT {advisory_lock}(7236288501948532 + $1)

-- waiting_imports
-- How many files of a store are not finished, and the bytes of their rows.
SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM imports
WHERE store_id = $1 AND state IN ('queued', 'running')

-- held_rejects
-- The files of a store of which refused rows are kept.
SELECT id, rejects_size, finished_at FROM imports WHERE store_id = $1 AND rejects_size > 0

-- delete_import_rejects
-- Delete the refused rows of a file.
DELETE FROM import_rejects WHERE store_id = $1 AND import_id = $2

-- clear_rejects_size
-- Note that they are deleted.
UPDATE imports SET rejects_size = 0 WHERE store_id = $1 AND id = $2

-- next_import
-- The oldest unfinished file that no worker holds, of the next store after one, in a circle.
SELECT {import_columns} FROM imports
WHERE state IN ('queued', 'running') AND held_until <= $1
ORDER BY store_id <= $2, store_id, created_at, id LIMIT 1

-- take_import
-- Claim a file, unless another worker was faster.
UPDATE imports SET state = 'running', worker = $3, held_until = $5
WHERE store_id = $1 AND id = $2 AND state IN ('queued', 'running') AND held_until <= $4

-- hold_import
-- Extend the claim on a file; no row changes if another worker holds it by now.
UPDATE imports SET held_until = $4
WHERE store_id = $1 AND id = $2 AND state = 'running' AND worker = $3

-- import_batch
-- The next rows of a file.
SELECT number, content FROM import_batches
WHERE store_id = $1 AND import_id = $2 ORDER BY number LIMIT 1

-- import_batches
-- The first rows of a file, in so many batches.
SELECT content FROM import_batches WHERE store_id = $1 AND import_id = $2 ORDER BY number LIMIT $3

-- delete_import_batch
-- Delete rows that are done.
DELETE FROM import_batches WHERE store_id = $1 AND import_id = $2 AND number = $3

-- delete_import_batches
-- Delete the rows of a file that ended early.
DELETE FROM import_batches WHERE store_id = $1 AND import_id = $2

-- insert_import_created
-- A customer that the file created, with its moment of change.
INSERT INTO import_created (store_id, import_id, customer_id, updated_at)
SELECT store_id, CAST($2 AS BIGINT), id, updated_at FROM customers WHERE store_id = $1 AND id = $3

-- insert_import_reject
-- A row that was refused.
INSERT INTO import_rejects (store_id, import_id, line, reason, cells) VALUES ($1, $2, $3, $4, $5)

-- count_import
-- The progress of a file, the outcome of its rows, and the bytes of refused ones that are kept.
UPDATE imports SET
  done_count = done_count + $3, created_count = created_count + $4,
  updated_count = updated_count + $5, rejected_count = rejected_count + $6,
  rejects_size = rejects_size + $7
WHERE store_id = $1 AND id = $2

-- end_import
-- End an import in a state; the first moment of its end stays.
UPDATE imports SET state = $3, finished_at = coalesce(finished_at, $4), worker = '', held_until = 0
WHERE store_id = $1 AND id = $2

-- begin_import
-- Let a file that was looked at be imported.
UPDATE imports SET state = 'queued', finished_at = NULL
WHERE store_id = $1 AND id = $2 AND state = 'draft'

-- reset_draft
-- Forget what a trial of a file counted, and say how its rows find customers.
UPDATE imports SET
  matched_by = $3, done_count = 0, created_count = 0, updated_count = 0, rejected_count = 0,
  rejects_size = 0
WHERE store_id = $1 AND id = $2 AND state = 'draft'

-- import_rejects
-- The refused rows of a file.
SELECT line, reason, cells FROM import_rejects
WHERE store_id = $1 AND import_id = $2 ORDER BY line

-- import_created
-- The customers that a file created.
SELECT customer_id, updated_at FROM import_created
WHERE store_id = $1 AND import_id = $2 ORDER BY customer_id

-- delete_import_created
-- Delete a customer from the list of those that a file created.
DELETE FROM import_created WHERE store_id = $1 AND import_id = $2 AND customer_id = $3

-- forget_import_rejects
-- Delete the refused rows of old imports of every store.
DELETE FROM import_rejects WHERE EXISTS (
  SELECT 1 FROM imports AS i
  WHERE i.store_id = import_rejects.store_id AND i.id = import_rejects.import_id
  AND i.finished_at < $1
)

-- forget_rejects_sizes
-- Note that the refused rows of old imports are deleted.
UPDATE imports SET rejects_size = 0 WHERE finished_at < $1 AND rejects_size > 0

-- forget_import_created
-- The same for the lists of created customers.
DELETE FROM import_created WHERE EXISTS (
  SELECT 1 FROM imports AS i
  WHERE i.store_id = import_created.store_id AND i.id = import_created.import_id
  AND i.finished_at < $1
) AND NOT EXISTS (
  SELECT 1 FROM holds AS h
  WHERE h.store_id = import_created.store_id AND h.customer_id = import_created.customer_id
  AND h.ends_at > $1
)

-- forget_import_batches
-- The same for rows that were never worked off.
DELETE FROM import_batches WHERE EXISTS (
  SELECT 1 FROM imports AS i
  WHERE i.store_id = import_batches.store_id AND i.id = import_batches.import_id
  AND i.finished_at < $1
)

-- forget_import_names
-- Empty the names of the files of old imports.
UPDATE imports SET name = '' WHERE finished_at < $1 AND name <> ''

-- wanted_marks
-- The rows of a JSON list `[[id, email_key, mobile_code, mobile], ...]`.
-- only sqlite
SELECT
  value ->> 0 AS id, value ->> 1 AS email_key, value ->> 2 AS mobile_code, value ->> 3 AS mobile
FROM json_each($2)
-- end
-- only postgres
SELECT
  CAST(value ->> 0 AS BIGINT) AS id, value ->> 1 AS email_key, value ->> 2 AS mobile_code,
  CAST(value ->> 3 AS BIGINT) AS mobile
FROM json_array_elements(CAST($2 AS JSON))
-- end

-- met_customers
-- The customers of a store with an id, an e-mail or a mobile of such a list. One look-up for each
-- index: none serves a condition with OR.
WITH wanted AS MATERIALIZED ({wanted_marks}), met AS MATERIALIZED (
  SELECT c.id FROM wanted AS w CROSS JOIN customers AS c WHERE c.store_id = $1 AND c.id = w.id
  UNION
  SELECT c.id FROM wanted AS w CROSS JOIN customers AS c
  WHERE c.store_id = $1 AND c.email_key = w.email_key
  UNION
  SELECT c.id FROM wanted AS w CROSS JOIN customers AS c
  WHERE c.store_id = $1 AND c.mobile_code = w.mobile_code AND c.mobile = w.mobile
)
SELECT {customer_columns}, {extra_columns}
FROM met CROSS JOIN customers AS c WHERE c.store_id = $1 AND c.id = met.id

-- met_deletions
-- The ids of such a list that deleted customers had.
WITH wanted AS MATERIALIZED ({wanted_marks})
SELECT DISTINCT d.id FROM wanted AS w CROSS JOIN deleted_customers AS d
WHERE d.store_id = $1 AND d.id = w.id

-- imports_cleared
-- The imports of a store, or of one app in it.
SELECT id FROM imports WHERE store_id = $1 AND (CAST($2 AS {id}) IS NULL OR app_id = $2)

-- clear_import_batches
-- Delete the rows of these imports.
DELETE FROM import_batches WHERE store_id = $1 AND import_id IN ({imports_cleared})

-- clear_import_rejects
-- Delete the refused rows of these imports.
DELETE FROM import_rejects WHERE store_id = $1 AND import_id IN ({imports_cleared})

-- clear_import_created
-- Delete the lists of customers that these imports created.
DELETE FROM import_created WHERE store_id = $1 AND import_id IN ({imports_cleared})

-- clear_imports
-- Delete these imports.
DELETE FROM imports WHERE store_id = $1 AND (CAST($2 AS {id}) IS NULL OR app_id = $2)
