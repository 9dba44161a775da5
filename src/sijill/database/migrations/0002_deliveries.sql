-- An app's deliveries are found by event too: of one that the app never had, nothing is read. The
-- sign keeps PostgreSQL's planner from deliveries_newest, which has the deliveries of every app.

DROP INDEX deliveries_of_webhook;

CREATE INDEX deliveries_of_event_of_webhook
  ON deliveries (webhook_id, event, state, (-created_at));
