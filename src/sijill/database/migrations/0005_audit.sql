-- The audit log. A change writes its entry in its own transaction, to wait in `audit_pending`; a
-- process seals waiting entries, and the views that it has in memory, as blocks of its own chain.

CREATE TABLE audit_pending (
  number {serial} NOT NULL PRIMARY KEY,
  at {moment} NOT NULL,
  entry {json} NOT NULL
) {strict};

-- `hash` is the SHA-256 of the block before and of this one; `body` has one entry a line.
CREATE TABLE audit_blocks (
  chain TEXT NOT NULL,
  number {number} NOT NULL,
  begun_at {moment} NOT NULL,
  ended_at {moment} NOT NULL,
  body {bytes} NOT NULL,
  hash {bytes} NOT NULL,
  CONSTRAINT audit_blocks_key PRIMARY KEY (chain, number)
) {strict};

CREATE INDEX audit_blocks_by_time ON audit_blocks (begun_at, chain, number);

-- The newest block of each chain, and the last one that was deleted by age.
CREATE TABLE audit_chains (
  chain TEXT NOT NULL CONSTRAINT audit_chains_key PRIMARY KEY,
  number {number} NOT NULL,
  hash {bytes} NOT NULL,
  base {number} NOT NULL,
  base_hash {bytes} NOT NULL
) {strict};
