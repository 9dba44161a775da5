-- A delivery knows its store, and refers to its webhook and its event within it: a PostgreSQL that
-- is distributed by store can hold all three together. On SQLite the old keys are as good. Ids of
-- webhooks stay unique over all stores, for operators name a webhook by its id alone.

ALTER TABLE deliveries ADD COLUMN store_id {id} NOT NULL DEFAULT 0;

UPDATE deliveries SET store_id = (
  SELECT w.store_id FROM webhooks AS w WHERE w.id = deliveries.webhook_id
);

-- only postgres
ALTER TABLE deliveries
  DROP CONSTRAINT deliveries_webhook_id_fkey,
  DROP CONSTRAINT deliveries_event_id_fkey,
  DROP CONSTRAINT deliveries_id,
  ALTER COLUMN store_id DROP DEFAULT;
ALTER TABLE webhooks ADD CONSTRAINT webhooks_of_store UNIQUE (store_id, id);
ALTER TABLE events
  DROP CONSTRAINT events_id,
  ADD CONSTRAINT events_id UNIQUE (store_id, id);
ALTER TABLE deliveries
  ADD CONSTRAINT deliveries_id PRIMARY KEY (store_id, webhook_id, event_id),
  ADD CONSTRAINT deliveries_webhook
    FOREIGN KEY (store_id, webhook_id) REFERENCES webhooks (store_id, id) ON DELETE CASCADE,
  ADD CONSTRAINT deliveries_event
    FOREIGN KEY (store_id, event_id) REFERENCES events (store_id, id) ON DELETE CASCADE;
-- end
