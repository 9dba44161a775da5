"""
An outbox to measure on, and its hot queries: events, and a delivery of each to one webhook.

SQL fills it in: an event for each of some customers, spread over a week, with a body as long as
that of an update. The newest have no position yet, and some deliveries wait.
"""

import asyncio
import time
from contextlib import closing

import apsw
import asyncpg

from benchmarks.copies import HOUR
from benchmarks.data import say
from sijill.database.sql import Dialect
from sijill.webhooks.model import INSTALLS
from sijill.webhooks.outbox import EXPIRED, PRUNED

NEW, WAITING = 20, 2_000
"""Events without a position, and deliveries that wait."""

WEBHOOK, BODY = 1, 1_216
"""The id of the webhook, and the bytes of a body: a seeded customer's, sealed."""

NOW, WEEK = time.time_ns() // 1_000, 7 * 86_400_000_000
"""When the newest event happened, and the time over which they did, in microseconds."""

_FORMS: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "id": "'evt_' || printf('%012x', m.at / 1000) || lower(hex(randomblob(10)))",
        "body": f"randomblob({BODY})",
        "none": "x''",
    },
    "postgres": {
        "id": "'evt_' || lpad(to_hex(m.at / 1000), 12, '0') || left(md5(m.n::text), 20)",
        "body": f"decode(repeat(md5(m.n::text), {BODY // 16}), 'hex')",
        "none": "''",
    },
}

_FILLED = f"""
INSERT INTO webhooks (
  id, store_id, app_id, name, event, url, version, headers, strategy, created_at
) SELECT {WEBHOOK}, s.id, a.id, 'bench', 'customer.updated', 'https://bench.example', 2, {{none}},
  'signature', 0
FROM stores AS s CROSS JOIN apps AS a;

INSERT INTO events (id, store_id, name, at, body, customer_id, position)
SELECT {{id}}, m.store_id, 'customer.updated', m.at, {{body}}, m.id,
  CASE WHEN m.n <= {{count}} - {NEW} THEN m.n END
FROM (
  SELECT c.*, {NOW} - ({{count}} - c.n) * ({WEEK} / {{count}}) AS at FROM (
    SELECT store_id, id, row_number() OVER () AS n FROM customers LIMIT {{count}}
  ) AS c
) AS m ORDER BY m.n;

UPDATE feed SET newest = {{count}} - {NEW};

INSERT INTO deliveries (
  store_id, webhook_id, event_id, event, state, attempts, created_at, next_at, status
) SELECT store_id, {WEBHOOK}, id, name,
  CASE WHEN number > {{count}} - {WAITING} THEN 'pending' ELSE 'done' END, 1, at, at, 200
FROM events ORDER BY number
"""

QUERIES = (
    ("Whether an event is new", "any_new_event", lambda _: ()),
    ("Which stores have new events", "lock_feeds", lambda _: (500,)),
    ("50 changes of the feed", "changes", lambda who: (who[0], 100, 50)),
    ("Which webhooks have something due", "webhooks_due", lambda _: (NOW, NOW, INSTALLS)),
    ("The next 50 deliveries of a webhook", "deliveries_due", lambda who: (1, NOW, 50, who[0])),
    ("Which events are too old", "dropped_events", lambda _: (NOW - WEEK, 0, EXPIRED, PRUNED)),
)
"""What each is for, its statement, and its arguments for a row that begins with the store."""


def fill_outbox(url: str, count: int) -> None:
    """Give a register of customers, which has no event, so many events and deliveries."""
    say(f"making {count:,} events in {url.partition(':')[0]} ...")
    if url.startswith("sqlite://"):
        with closing(apsw.Connection(url.removeprefix("sqlite://"))) as connection:
            connection.execute("PRAGMA journal_mode = off; PRAGMA synchronous = off")
            connection.execute("PRAGMA cache_size = -500000; BEGIN")
            connection.execute(_FILLED.format(count=count, **_FORMS["sqlite"]))
            connection.execute("COMMIT; PRAGMA journal_mode = wal")
    else:
        asyncio.run(_in_postgres(url, _FILLED.format(count=count, **_FORMS["postgres"])))


async def _in_postgres(url: str, script: str) -> None:
    connection = await asyncpg.connect(url, command_timeout=HOUR)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(script)
    finally:
        await connection.close()
