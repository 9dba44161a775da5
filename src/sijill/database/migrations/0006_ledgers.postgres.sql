-- Ledgers: every movement of a wallet and of loyalty points, next to the balance the customer has.
-- An entry without an app was written with the customer: by an import, a seeding, an operator.
-- A wallet's ledger is opened by its first movement, as SQL knows no currency's smallest unit.

CREATE TABLE wallet_entries (
  store_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  balance BIGINT NOT NULL,
  app_id BIGINT REFERENCES apps (id),
  at BIGINT NOT NULL,
  CONSTRAINT wallet_entries_id PRIMARY KEY (store_id, customer_id, number),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
);

CREATE TABLE loyalty_entries (
  store_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  points BIGINT NOT NULL,
  balance BIGINT NOT NULL,
  reason TEXT NOT NULL,
  app_id BIGINT REFERENCES apps (id),
  at BIGINT NOT NULL,
  CONSTRAINT loyalty_entries_id PRIMARY KEY (store_id, customer_id, number),
  FOREIGN KEY (store_id, customer_id) REFERENCES customers (store_id, id) ON DELETE CASCADE
);

-- Whether an app may move money at all.
ALTER TABLE apps ADD COLUMN wallets BOOLEAN NOT NULL DEFAULT TRUE;

INSERT INTO loyalty_entries (store_id, customer_id, number, points, balance, reason, app_id, at)
SELECT store_id, id, 1, total_points, total_points, '', NULL, updated_at
FROM customers WHERE total_points <> 0;
