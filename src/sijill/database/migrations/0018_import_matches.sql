-- How rows of a file find the customers that they change: a value of `Match` of imports/changes.py.

ALTER TABLE imports ADD COLUMN matched_by TEXT NOT NULL DEFAULT 'id';
