-- What customers are found by: terms between spaces, and an index that takes them as they are.

CREATE TABLE customer_search (
  store_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  terms TEXT NOT NULL,
  CONSTRAINT customer_search_id PRIMARY KEY (store_id, id),
  FOREIGN KEY (store_id, id) REFERENCES customers (store_id, id) ON DELETE CASCADE
);

-- Without fastupdate no search walks through what was written last.
CREATE INDEX customer_search_terms ON customer_search
USING gin (array_to_tsvector(string_to_array(terms, ' '))) WITH (fastupdate = off);
