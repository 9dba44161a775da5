-- Customers: read, listed, searched, written, deleted. The lists of columns (own_columns,
-- extra_columns, customer_fields, customer_values, customer_assignments) come from
-- `customers.fields`.

-- customer_columns
-- A customer as stored, in the order of `Customer`; the group ids are one text, in any order. The
-- lists of columns here and below come from `customers.fields`: own_columns, extra_columns,
-- customer_fields, customer_values, customer_assignments.
{own_columns}, (
  SELECT string_agg(CAST(m.group_id AS TEXT), ',') FROM memberships AS m
  WHERE m.store_id = c.store_id AND m.member = {member_key}
)

-- customer
-- One customer: the point read of Customer Details.
SELECT {customer_columns} FROM customers AS c WHERE c.store_id = $1 AND c.id = $2

-- only postgres
-- customer_many
-- The customers of lists of stores and ids, each behind its place in the lists; see batches.py.
SELECT w.place, {customer_columns}
FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[])) WITH ORDINALITY AS w (store_id, id, place)
JOIN customers AS c ON c.store_id = w.store_id AND c.id = w.id
-- end

-- customer_with_extras
-- One customer with its extras.
SELECT {customer_columns}, {extra_columns}
FROM customers AS c WHERE c.store_id = $1 AND c.id = $2

-- lock_customer
-- Lock a customer until the transaction ends, before the read that a change starts with. A later
-- read in this transaction sees the last committed customer and memberships.
SELECT id FROM customers WHERE store_id = $1 AND id = $2 {for_update}

-- ranges
-- The ranges of a JSON list `[[shift, low, high, passed], ...]`; see `customers.counts`.
-- only sqlite
SELECT value ->> 0 AS shift, value ->> 1 AS low, value ->> 2 AS high, value ->> 3 AS passed
FROM json_each($2)
-- only postgres
SELECT
  CAST(value ->> 0 AS INTEGER) AS shift, CAST(value ->> 1 AS BIGINT) AS low,
  CAST(value ->> 2 AS BIGINT) AS high, CAST(value ->> 3 AS BIGINT) AS passed
FROM json_array_elements(CAST($2 AS JSON))
-- end

-- range_counts
-- How many customers each range holds: from the tree, or at its edges counted one by one.
SELECT r.passed, CASE WHEN r.shift > 0 THEN (
  SELECT sum(n.customers) FROM customer_counts AS n
  WHERE n.store_id = $1 AND n.shift = r.shift AND n.bucket >= r.low AND n.bucket < r.high
) ELSE (
  SELECT count(*) FROM customers AS n
  WHERE n.store_id = $1 AND n.created_at >= r.low AND n.created_at < r.high
) END AS customers
FROM ({ranges}) AS r

-- counted
-- How many customers the ranges hold, and how many of these the page passes over.
SELECT
  CAST(coalesce(sum(customers), 0) AS BIGINT) AS customers,
  CAST(coalesce(sum(passed * customers), 0) AS BIGINT) AS passed
FROM ({range_counts}) AS counts

-- customers_within
-- How many customers some ranges hold.
SELECT customers FROM ({counted}) AS counted

-- bucket_counts
-- How many customers each bucket of a range holds, newest first.
SELECT bucket, CAST(sum(customers) AS BIGINT) FROM customer_counts
WHERE store_id = $1 AND shift = $2 AND bucket >= $3 AND bucket < $4
GROUP BY bucket ORDER BY bucket DESC

-- page_source
-- The counts, and the ids of one page from the index alone, then the rows of that page. An empty
-- page is one row with the counts and nothing else.
FROM counted
LEFT JOIN (
  SELECT id FROM customers
  WHERE store_id = $1 AND created_at >= $3 AND created_at < $4
  ORDER BY created_at DESC, id DESC
  LIMIT $5 OFFSET (SELECT CASE WHEN passed < $6 THEN $6 - passed ELSE 0 END FROM counted)
) AS page ON TRUE
LEFT JOIN customers AS c ON c.store_id = $1 AND c.id = page.id
ORDER BY c.created_at DESC, c.id DESC

-- customer_page
-- One page of a list, newest first, each row behind what the page passes over and the count of all.
WITH counted AS MATERIALIZED ({counted})
SELECT counted.passed, counted.customers, {customer_columns} {page_source}

-- customer_page_with_extras
-- The same with extras.
WITH counted AS MATERIALIZED ({counted})
SELECT counted.passed, counted.customers, {customer_columns}, {extra_columns} {page_source}

-- found
-- The customers of one store that match, from the index; each term in it holds the store too.
-- only sqlite
SELECT s.id, s.created_at FROM customer_terms
CROSS JOIN customers AS s ON s.number = customer_terms.rowid
WHERE customer_terms MATCH $6
AND s.store_id = $1 AND s.created_at >= $2 AND s.created_at < $3
-- only postgres
SELECT s.id, s.created_at FROM customers AS s
WHERE array_to_tsvector(string_to_array(s.terms, ' ')) @@ CAST(CAST($6 AS TEXT) AS TSQUERY)
-- The sums keep the planner from the other indexes, in which it would read all of the store.
AND s.store_id + 0 = $1 AND s.created_at + 0 >= $2 AND s.created_at + 0 < $3
-- end

-- found_source
-- As page_source, for the customers that a keyword finds.
FROM (SELECT count(*) AS customers FROM found) AS total
LEFT JOIN (
  SELECT id FROM found ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5
) AS page ON TRUE
LEFT JOIN customers AS c ON c.store_id = $1 AND c.id = page.id
ORDER BY c.created_at DESC, c.id DESC

-- found_customer_page
-- One page of the customers that a keyword finds, newest first, each behind the count of all.
WITH found AS MATERIALIZED ({found})
SELECT total.customers, {customer_columns} {found_source}

-- found_customer_page_with_extras
-- The same with extras.
WITH found AS MATERIALIZED ({found})
SELECT total.customers, {customer_columns}, {extra_columns} {found_source}

-- places
-- The places between two others in a list, newest first; see `customers.selection`.
(created_at, id) > ($2, $3) AND (created_at, id) < ($4, $5)

-- member_places
-- The same of the members of a group.
-- only sqlite
(m.created_at, m.customer_id) > ($2, $3) AND (m.created_at, m.customer_id) < ($4, $5)
-- only postgres
(m.created_at, m.member) > ($2, $3) AND (m.created_at, m.member) < ($4, $5)
-- end

-- member_id
-- The id of the customer of a membership.
-- only sqlite
m.customer_id
-- only postgres
m.member
-- end

-- members
-- The members of a group, once each: a member by hand and by condition has two rows.
FROM memberships AS m
WHERE m.store_id = $1 AND m.group_id = $7 AND {member_places} AND (
  m.source = 'manual' OR NOT EXISTS (
    SELECT 1 FROM memberships AS o
    WHERE o.store_id = $1 AND o.member = m.member AND o.group_id = m.group_id
    AND o.source = 'manual'
  )
)

-- browsed
-- The customers of a list of ids, with extras.
CROSS JOIN customers AS c WHERE c.store_id = $1 AND c.id = page.id

-- browse_all_down
-- Customers between two places, with extras, newest first. Six statements more read in the other
-- direction, the banned ones and the members of a group alone.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT id FROM customers WHERE store_id = $1 AND {places}
  ORDER BY created_at DESC, id DESC LIMIT $6
) AS page {browsed} ORDER BY c.created_at DESC, c.id DESC

-- browse_all_up
-- The same, oldest first.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT id FROM customers WHERE store_id = $1 AND {places} ORDER BY created_at, id LIMIT $6
) AS page {browsed} ORDER BY c.created_at, c.id

-- browse_banned_down
-- Banned customers between two places, newest first.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT id FROM customers WHERE store_id = $1 AND is_blocked AND {places}
  ORDER BY created_at DESC, id DESC LIMIT $6
) AS page {browsed} ORDER BY c.created_at DESC, c.id DESC

-- browse_banned_up
-- The same, oldest first.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT id FROM customers WHERE store_id = $1 AND is_blocked AND {places}
  ORDER BY created_at, id LIMIT $6
) AS page {browsed} ORDER BY c.created_at, c.id

-- browse_group_down
-- Members of a group between two places, newest first.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT {member_id} AS id {members} ORDER BY m.created_at DESC, {member_id} DESC LIMIT $6
) AS page {browsed} ORDER BY c.created_at DESC, c.id DESC

-- browse_group_up
-- The same, oldest first.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT {member_id} AS id {members} ORDER BY m.created_at, {member_id} LIMIT $6
) AS page {browsed} ORDER BY c.created_at, c.id

-- browse_group_banned_down
-- Banned members of a group between two places, newest first.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT {member_id} AS id {members} AND m.is_blocked
  ORDER BY m.created_at DESC, {member_id} DESC LIMIT $6
) AS page {browsed} ORDER BY c.created_at DESC, c.id DESC

-- browse_group_banned_up
-- The same, oldest first.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT {member_id} AS id {members} AND m.is_blocked
  ORDER BY m.created_at, {member_id} LIMIT $6
) AS page {browsed} ORDER BY c.created_at, c.id

-- browse_id_up
-- Customers between two ids, ascending. The moments are not used.
SELECT {customer_columns}, {extra_columns} FROM customers AS c
WHERE c.store_id = $1 AND c.id > $3 AND c.id < $5 AND CAST($2 AS BIGINT) <= CAST($4 AS BIGINT)
ORDER BY c.id LIMIT $6

-- browse_id_down
-- The same, descending.
SELECT {customer_columns}, {extra_columns} FROM customers AS c
WHERE c.store_id = $1 AND c.id > $3 AND c.id < $5 AND CAST($2 AS BIGINT) <= CAST($4 AS BIGINT)
ORDER BY c.id DESC LIMIT $6

-- count_all
-- How many customers stand between two places, up to so many.
SELECT count(*) FROM (
  SELECT 1 FROM customers WHERE store_id = $1 AND {places} LIMIT $6
) AS counted

-- count_banned
-- How many of them are banned, up to so many.
SELECT count(*) FROM (
  SELECT 1 FROM customers WHERE store_id = $1 AND is_blocked AND {places} LIMIT $6
) AS counted

-- count_group
-- How many members of a group stand between two places, up to so many.
SELECT count(*) FROM (SELECT 1 {members} LIMIT $6) AS counted

-- count_group_banned
-- How many of them are banned, up to so many.
SELECT count(*) FROM (SELECT 1 {members} AND m.is_blocked LIMIT $6) AS counted

-- its_key
-- The customer of a row `s` in memberships.
-- only sqlite
s.number
-- only postgres
s.id
-- end

-- within_filters
-- Whether a customer is banned, or in a group, if that is asked for.
(NOT $7 OR s.is_blocked) AND (CAST($8 AS {id}) IS NULL OR EXISTS (
  SELECT 1 FROM memberships AS m
  WHERE m.store_id = $1 AND m.member = {its_key} AND m.group_id = $8
))

-- sought_columns
-- What a search reads of each customer that it looks through.
id, created_at, terms, is_blocked
-- only sqlite
, number
-- end

-- sought_among_newest
-- The customers that match, among the newest ones between two places. Each term has a space before
-- it, and so has each of the customer's. Most customers fail the first term already.
SELECT {customer_columns}, {extra_columns} FROM (
  SELECT s.id FROM (
    SELECT {sought_columns} FROM customers WHERE store_id = $1 AND {places}
    ORDER BY created_at DESC, id DESC LIMIT $9
  ) AS s
  -- only sqlite
  WHERE instr(' ' || s.terms, $10) > 0 AND NOT EXISTS (
    SELECT 1 FROM json_each($11) AS t WHERE instr(' ' || s.terms, t.value) = 0
  )
  -- only postgres
  WHERE strpos(' ' || s.terms, $10) > 0 AND NOT EXISTS (
    SELECT 1 FROM json_array_elements_text(CAST($11 AS JSON)) AS t (value)
    WHERE strpos(' ' || s.terms, t.value) = 0
  )
  -- end
  AND {within_filters}
  ORDER BY s.created_at DESC, s.id DESC LIMIT $6
) AS page {browsed} ORDER BY c.created_at DESC, c.id DESC

-- sought
-- The newest customers that match, from the index of terms.
SELECT {customer_columns}, {extra_columns} FROM (
  -- only sqlite
  SELECT s.id FROM customer_terms
  CROSS JOIN customers AS s ON s.number = customer_terms.rowid
  WHERE customer_terms MATCH $9 AND s.store_id = $1
  AND (s.created_at, s.id) > ($2, $3) AND (s.created_at, s.id) < ($4, $5)
  -- only postgres
  SELECT s.id FROM customers AS s
  WHERE array_to_tsvector(string_to_array(s.terms, ' ')) @@ CAST(CAST($9 AS TEXT) AS TSQUERY)
  -- The sums keep the planner from the other indexes, in which it would read all of the store.
  AND s.store_id + 0 = $1
  AND (s.created_at + 0, s.id) > ($2, $3) AND (s.created_at + 0, s.id) < ($4, $5)
  -- end
  AND {within_filters}
  ORDER BY s.created_at DESC, s.id DESC LIMIT $6
) AS page {browsed} ORDER BY c.created_at DESC, c.id DESC

-- index_new_customers
-- Take the terms of all new customers into the index, once for a commit. On PostgreSQL each row's
-- own write does it.
-- only sqlite
UPDATE search_index SET newest = coalesce((SELECT max(number) FROM customers), newest) WHERE id = 1
-- only postgres
SELECT 1
-- end

-- customers_after
-- The next customers by id, for a walk over all of them.
SELECT {customer_columns}, {extra_columns}
FROM customers AS c WHERE c.store_id = $1 AND c.id > $2 ORDER BY c.id LIMIT $3

-- insert_customer
-- A new customer: its id, the key of its e-mail, its terms, and its fields. No row is written if
-- another customer has its mobile, its e-mail or its id, or a deleted customer had the id.
INSERT INTO customers (store_id, id, email_key, terms, {customer_fields})
SELECT $1, $2, $3, $4, {customer_values}
WHERE NOT EXISTS (SELECT 1 FROM deleted_customers WHERE store_id = $1 AND id = $2)
ON CONFLICT DO NOTHING

-- only postgres
-- create_customer_many
-- New customers, one for each place in the lists, with their memberships, events and entries.
-- See batches.py. A customer is left out if the groups of its store are not of its revision, if its id was a deleted
-- customer's, or if another customer has its id, e-mail or mobile.
WITH given AS (
  SELECT w.* FROM unnest(
    CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS TEXT[]), CAST($4 AS BIGINT[]),
    CAST($5 AS TEXT[]), CAST($6 AS TEXT[]), CAST($7 AS TEXT[]), CAST($8 AS BIGINT[]),
    CAST($9 AS BYTEA[]), CAST($10 AS BIGINT[]), CAST($11 AS TEXT[])
  ) WITH ORDINALITY AS w (
    store_id, id, customer, revision, member_of, event_id, name, at, body, done_at, entry, place
  )
), held AS (
  SELECT g.store_id, g.revision FROM customer_groups AS g
  WHERE g.store_id = ANY (CAST($1 AS BIGINT[])) AND g.is_default ORDER BY g.store_id FOR SHARE
), made AS (
  INSERT INTO customers (store_id, id, email_key, terms, {customer_fields})
  SELECT w.store_id, w.id, c.email_key, c.terms, {created_columns}
  FROM given AS w
  JOIN held ON held.store_id = w.store_id AND held.revision = w.revision
  CROSS JOIN json_populate_record(CAST(NULL AS customers), CAST(w.customer AS JSON)) AS c
  WHERE NOT EXISTS (
    SELECT 1 FROM deleted_customers AS d WHERE d.store_id = w.store_id AND d.id = w.id
  )
  ON CONFLICT DO NOTHING
  RETURNING store_id, id, created_at, is_blocked
), placed AS (
  SELECT w.*, made.created_at, made.is_blocked FROM given AS w JOIN made ON made.store_id = w.store_id AND made.id = w.id
), joined AS (
  INSERT INTO memberships ({membership_columns})
  SELECT
    w.store_id, w.id, CAST(m.value ->> 0 AS BIGINT), m.value ->> 1, w.created_at, w.is_blocked
  FROM placed AS w CROSS JOIN json_array_elements(CAST(w.member_of AS JSON)) AS m
), told AS (
  INSERT INTO events (id, store_id, name, at, body, customer_id)
  SELECT w.event_id, w.store_id, w.name, w.at, w.body, w.id FROM placed AS w ORDER BY w.place
), audited AS (
  INSERT INTO audit_pending (at, entry)
  SELECT w.done_at, w.entry FROM placed AS w WHERE w.entry IS NOT NULL ORDER BY w.place
)
SELECT place FROM placed
-- end

-- update_customer
-- All of a customer but its key; the arguments are those of insert_customer.
UPDATE customers SET email_key = $3, terms = $4, {customer_assignments} WHERE store_id = $1 AND id = $2

-- others_with
-- The unique fields of a customer that other customers of the store have, and their ids. One look-up
-- for each: neither index serves a condition with OR, and the whole store would be read.
SELECT 'email', id FROM customers WHERE store_id = $1 AND email_key = $3 AND id <> $2
UNION ALL
SELECT 'mobile', id FROM customers
WHERE store_id = $1 AND mobile_code = $4 AND mobile = $5 AND id <> $2

-- customer_with
-- The id of the customer with an e-mail or with a mobile, of which the other is null.
SELECT id FROM customers WHERE store_id = $1 AND email_key = $2
UNION ALL
SELECT id FROM customers WHERE store_id = $1 AND mobile_code = $3 AND mobile = $4

-- delete_customer
-- Delete a customer; its memberships are deleted before.
DELETE FROM customers WHERE store_id = $1 AND id = $2

-- deleted_customer
-- When a customer was deleted, if it was.
SELECT deleted_at FROM deleted_customers WHERE store_id = $1 AND id = $2

-- insert_deleted_customer
-- Record the id, and nothing else, so that no new customer gets it.
INSERT INTO deleted_customers (store_id, id, deleted_at) VALUES ($1, $2, $3)

-- clear_customers
-- Delete the first customers of a store by id, so many of them, with memberships and ledgers.
DELETE FROM customers WHERE store_id = $1 AND id IN (
  SELECT id FROM customers WHERE store_id = $1 ORDER BY id LIMIT $2
)

-- clear_deleted_customers
-- Forget the ids of customers that a store had.
DELETE FROM deleted_customers WHERE store_id = $1

-- active_hold
-- The hold that keeps a customer from being deleted at a moment.
SELECT reason, ends_at FROM holds
WHERE store_id = $1 AND customer_id = $2 AND begun_at <= $3 AND ends_at > $3

-- erasure_key
-- The key of the marks, sealed.
SELECT sealed_key FROM erasure_keys WHERE id = $1

-- insert_erasure_key
-- Keep the key; the first one stays.
INSERT INTO erasure_keys (id, sealed_key) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- sealed_erasure_keys
-- How many keys are sealed under each key, by the id behind the format.
SELECT substr(sealed_key, 2, 4) AS key_id, count(*) FROM erasure_keys GROUP BY key_id

-- stale_erasure_keys
-- The keys that are sealed under another key than this one.
SELECT id FROM erasure_keys WHERE id > $1 AND substr(sealed_key, 2, 4) <> $2 ORDER BY id LIMIT $3

-- lock_sealed_erasure_keys
-- One key, locked until it is sealed again.
SELECT id, sealed_key FROM erasure_keys WHERE id = $1 {for_update}

-- reseal_erasure_keys
-- The key, sealed again.
UPDATE erasure_keys SET sealed_key = $2 WHERE id = $1

-- insert_erasure
-- A mark of an erased person of a store, if the store is there; an earlier erasure stays.
INSERT INTO erasures (store_id, mark, erased_at)
SELECT s.id, CAST($2 AS {bytes}), CAST($3 AS {moment}) FROM stores AS s WHERE s.id = $1
ON CONFLICT DO NOTHING

-- erasures
-- The marks of every store.
SELECT store_id, mark, erased_at FROM erasures ORDER BY erased_at, store_id, mark

-- erasures_of_store
-- The marks of one store.
SELECT store_id, mark, erased_at FROM erasures WHERE store_id = $1

-- reveal
-- Let a person of a store see a customer of it whole, or with the id 0 every customer, until then.
INSERT INTO reveals (store_id, owner_id, customer_id, reason, ticket, begun_at, ends_at)
SELECT o.store_id, o.owner_id, CAST($3 AS {id}), CAST($4 AS TEXT), CAST($5 AS TEXT),
  CAST($6 AS {moment}), CAST($7 AS {moment})
FROM owner_stores AS o WHERE o.store_id = $1 AND o.owner_id = $2 AND (
  CAST($3 AS {id}) = 0 OR EXISTS (
    SELECT 1 FROM customers AS c WHERE c.store_id = $1 AND c.id = CAST($3 AS {id})
  )
)
ON CONFLICT (store_id, owner_id, customer_id) DO UPDATE SET
  reason = excluded.reason, ticket = excluded.ticket, begun_at = excluded.begun_at,
  ends_at = excluded.ends_at

-- revealed
-- The customers of a store that a person sees whole at a moment.
SELECT customer_id FROM reveals
WHERE store_id = $1 AND owner_id = $2 AND begun_at <= $3 AND ends_at > $3

-- hide
-- Let a person see every customer of a store masked again.
DELETE FROM reveals WHERE store_id = $1 AND owner_id = $2

-- forget_reveals
-- Delete the reveals that ended before a time.
DELETE FROM reveals WHERE ends_at < $1

-- clear_reveals
-- Delete the reveals in a store.
DELETE FROM reveals WHERE store_id = $1
