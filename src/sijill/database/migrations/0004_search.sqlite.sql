-- What customers are found by. `customer_search` keeps the terms, `customer_terms` is the index over
-- them, and the triggers keep the two in step, also where a deleted customer takes its row along.

CREATE TABLE customer_search (
  number INTEGER NOT NULL PRIMARY KEY,
  store_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  terms TEXT NOT NULL,
  CONSTRAINT customer_search_id UNIQUE (store_id, id),
  FOREIGN KEY (store_id, id) REFERENCES customers (store_id, id) ON DELETE CASCADE
) STRICT;

-- The tokenizer only cuts at spaces: to it every character that is not ASCII is one of a term.
CREATE VIRTUAL TABLE customer_terms USING fts5 (
  terms,
  content = 'customer_search',
  content_rowid = 'number',
  tokenize = "ascii tokenchars ':'",
  detail = none,
  columnsize = 0
);

-- What is deleted leaves the pages of the file, and not only what is found.
INSERT INTO customer_terms (customer_terms, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER customer_search_inserted AFTER INSERT ON customer_search BEGIN
  INSERT INTO customer_terms (rowid, terms) VALUES (new.number, new.terms);
END;

CREATE TRIGGER customer_search_deleted AFTER DELETE ON customer_search BEGIN
  INSERT INTO customer_terms (customer_terms, rowid, terms)
  VALUES ('delete', old.number, old.terms);
END;

CREATE TRIGGER customer_search_updated AFTER UPDATE OF terms ON customer_search
WHEN old.terms <> new.terms BEGIN
  INSERT INTO customer_terms (customer_terms, rowid, terms)
  VALUES ('delete', old.number, old.terms);
  INSERT INTO customer_terms (rowid, terms) VALUES (new.number, new.terms);
END;
