-- The attempts of each delivery that were sent, oldest first: a JSON list, as webhooks/attempts.py
-- writes it. Attempts of before are unknown.

ALTER TABLE deliveries ADD COLUMN tried TEXT NOT NULL DEFAULT '[]';
