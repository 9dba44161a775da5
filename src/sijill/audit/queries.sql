-- The audit log: entries that wait to be sealed, sealed blocks, and the heads of their chains.

-- insert_audit_entries
-- Write entries in the transactions of the changes that they are about.
-- The JSON list has the moment and the line of each.
INSERT INTO audit_pending (at, entry)
-- only sqlite
SELECT value ->> 0, value ->> 1 FROM json_each($1)
-- only postgres
SELECT CAST(value ->> 0 AS BIGINT), value ->> 1 FROM json_array_elements(CAST($1 AS JSON))
-- end

-- any_audit_entry
-- Whether an entry waits to be sealed.
SELECT number FROM audit_pending LIMIT 1

-- oldest_audit_entry
-- When the oldest entry happened that waits to be sealed.
SELECT at FROM audit_pending ORDER BY number LIMIT 1

-- newest_audit_block
-- When the newest block ended.
SELECT ended_at FROM audit_blocks ORDER BY begun_at DESC, chain DESC, number DESC LIMIT 1

-- lock_audit_entries
-- The oldest entries that wait to be sealed, but for those that another process is sealing.
SELECT number, at, entry FROM audit_pending ORDER BY number LIMIT $1
-- only postgres
FOR UPDATE SKIP LOCKED
-- end

-- delete_audit_entries
-- Delete the entries of a JSON list of numbers: a block has them now.
DELETE FROM audit_pending WHERE number IN ({numbers})

-- audit_head
-- The head of one chain.
SELECT {audit_head_columns} FROM audit_chains WHERE chain = $1

-- audit_head_columns
-- A head, in the order of `Head`.
chain, number, hash, base, base_hash

-- audit_heads
-- The heads of all chains.
SELECT {audit_head_columns} FROM audit_chains ORDER BY chain

-- open_audit_chain
-- Begin a chain.
INSERT INTO audit_chains ({audit_head_columns}) VALUES ($1, $2, $3, $4, $5)

-- move_audit_head
-- Move the head of a chain on to its newest block, from the one before; else no row changes.
UPDATE audit_chains SET number = $2, hash = $3 WHERE chain = $1 AND number = $4 AND hash = $5

-- move_audit_base
-- Record the last block of a chain that was deleted by age.
UPDATE audit_chains SET base = $2, base_hash = $3 WHERE chain = $1

-- audit_block_columns
-- A block, in the order of `Block`.
chain, number, begun_at, ended_at, body, hash

-- insert_audit_block
-- Write a block.
INSERT INTO audit_blocks ({audit_block_columns}) VALUES ($1, $2, $3, $4, $5, $6)

-- audit_blocks_in_order
-- The next blocks after one of a chain, in the order of chains and numbers.
SELECT {audit_block_columns} FROM audit_blocks
WHERE chain > $1 OR (chain = $1 AND number > $2)
ORDER BY chain, number LIMIT $3

-- audit_blocks_by_time
-- The next blocks by the moment of their beginning, after a block, up to a moment.
SELECT {audit_block_columns} FROM audit_blocks
WHERE (begun_at > $1 OR (begun_at = $1 AND (chain > $2 OR (chain = $2 AND number > $3))))
AND begun_at < $4
ORDER BY begun_at, chain, number LIMIT $5

-- audit_blocks_back_in_time
-- The same backwards, down to a moment.
SELECT {audit_block_columns} FROM audit_blocks
WHERE (begun_at < $1 OR (begun_at = $1 AND (chain < $2 OR (chain = $2 AND number < $3))))
AND begun_at >= $4
ORDER BY begun_at DESC, chain DESC, number DESC LIMIT $5

-- expired_audit_blocks
-- Blocks that ended before a moment, but for those behind a block of their chain that did not.
SELECT b.chain, b.number, b.hash FROM audit_blocks AS b
WHERE b.begun_at < $1 AND b.ended_at < $1 AND NOT EXISTS (
  SELECT 1 FROM audit_blocks AS o
  WHERE o.chain = b.chain AND o.number < b.number AND o.ended_at >= $1
)
ORDER BY b.begun_at, b.chain, b.number LIMIT $2

-- delete_audit_blocks
-- Delete the blocks of a chain up to a number.
DELETE FROM audit_blocks WHERE chain = $1 AND number <= $2
