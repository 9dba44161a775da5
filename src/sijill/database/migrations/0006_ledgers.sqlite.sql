-- Ledgers: every movement of a wallet and of loyalty points, next to the balance the customer has.
-- An entry without an app was written with the customer: by an import, a seeding, an operator.
-- A wallet's ledger is opened by its first movement, as SQL knows no currency's smallest unit.

CREATE TABLE wallet_entries (
  store_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  balance INTEGER NOT NULL,
  app_id INTEGER REFERENCES apps (id),
  at INTEGER NOT NULL,
  CONSTRAINT wallet_entries_id PRIMARY KEY (store_id, customer_id, number),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE loyalty_entries (
  store_id INTEGER NOT NULL,
  customer_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  points INTEGER NOT NULL,
  balance INTEGER NOT NULL,
  reason TEXT NOT NULL,
  app_id INTEGER REFERENCES apps (id),
  at INTEGER NOT NULL,
  CONSTRAINT loyalty_entries_id PRIMARY KEY (store_id, customer_id, number),
  CONSTRAINT loyalty_entries_without_nul CHECK (instr(reason, char(0)) = 0),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Whether an app may move money at all.
ALTER TABLE apps ADD COLUMN wallets INTEGER NOT NULL DEFAULT TRUE;

INSERT INTO loyalty_entries (store_id, customer_id, number, points, balance, reason, app_id, at)
SELECT store_id, id, 1, total_points, total_points, '', NULL, updated_at
FROM customers WHERE total_points <> 0;
