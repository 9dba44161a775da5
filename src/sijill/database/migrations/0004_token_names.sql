-- What an operator calls a token, to know it again in a list; a token of OAuth has no name.

ALTER TABLE tokens ADD COLUMN name TEXT NOT NULL DEFAULT '';
