"""
A small database of the first schema, with rows in every table: what later migrations are tested on.

`PYTHONPATH=tests .venv/bin/python -m database.first_schema` makes first_schema.db beside this file
if it is absent, with the same rows each time. `database.released` writes first_schema.jsonl: what
the file holds after today's migrations. A later migration changes the second alone.
"""

import asyncio
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import asyncpg

from sijill.database.columns import moment
from sijill.database.migrate import migrations
from sijill.register import open_register

FILE = Path(__file__).with_name("first_schema.db")
EXPORT = FILE.with_suffix(".jsonl")

Row = Mapping[str, Any]

MOMENT = 1_795_512_615_123_456
"""2026-11-24 09:30:15.123456 UTC."""
MINUTE = 60_000_000
LARGEST = 2**63 - 1

SHOP, OTHER = 1, 1305146709
CRM, READER = 7, 2147483647
OWNER = 1689171978
AHMED, NOURA, LAST = 225167971, 225167972, LARGEST
DEFAULT, VIP, BUYERS, OTHER_DEFAULT = 11323140, 11323141, 11323142, 11323143


def digest(text: str) -> bytes:
    """Return what is stored of a token, a code, a secret or a cookie."""
    return hashlib.sha256(text.encode()).digest()


def store(store_id: int, name: str, **changes: Any) -> Row:
    return {
        "id": store_id,
        "name": name,
        "plan": None,
        "profile": "documented",
        "timezone": "Asia/Riyadh",
        "locale": "ar",
        "currency": "SAR",
        "customer_url": "https://shtara.com/profile",
        "admin_url": "",
        "avatar_male": "",
        "avatar_female": "",
        "created_at": MOMENT,
        **changes,
    }


TEXTS = ("first_name", "last_name", "mobile_code", "email", "avatar", "city", "country")
TEXTS += ("country_code", "currency", "location", "lang")


def customer(store_id: int, customer_id: int, **changes: Any) -> Row:
    key = {"store_id": store_id, "id": customer_id, "created_at": MOMENT, "updated_at": MOMENT}
    return key | dict.fromkeys(TEXTS, "") | changes


ROWS: dict[str, Sequence[Row]] = {
    "schema_migrations": [{"version": 1, "name": "first", "applied_at": MOMENT}],
    "stores": [
        store(SHOP, "demo", plan="special", avatar_male="https://cdn.example/m.png"),
        store(OTHER, "متجر آخر", profile="observed", locale="en", currency="KWD"),
    ],
    "apps": [
        {"id": CRM, "name": "CRM", "created_at": MOMENT, "client_id": "crm"}
        | {"client_secret": digest("secret"), "redirect_uris": '["http://localhost/callback"]'}
        | {"scopes": "customers.read_write webhooks.read_write", "wallets": True}
        | {"webhook_url": "https://crm.example/hooks", "webhook_secret": b"\x00sealed\xff"}
        | {"webhook_strategy": "token"},
        {
            "id": READER,
            "name": "قارئ",
            "created_at": 0,
            "client_id": "2147483647",
            "wallets": False,
        },
    ],
    "owners": [
        {"id": OWNER, "name": "Test User", "email": "Owner@demo.test", "mobile": "+96652318526"}
        | {
            "email_key": "owner@demo.test",
            "password": "$argon2id$v=19$made-up",
            "created_at": MOMENT,
        }
    ],
    "owner_stores": [{"owner_id": OWNER, "store_id": SHOP}, {"owner_id": OWNER, "store_id": OTHER}],
    "setup_links": [{"digest": digest("link"), "expires_at": MOMENT + MINUTE}],
    "sessions": [
        {"digest": digest("cookie"), "owner_id": OWNER, "created_at": 0, "seen_at": MOMENT}
    ],
    "installs": [
        {"store_id": SHOP, "app_id": CRM, "owner_id": OWNER, "installed_at": MOMENT},
        {"store_id": OTHER, "app_id": CRM, "owner_id": None, "installed_at": MOMENT},
    ],
    "authorizations": [
        {"id": 31, "store_id": SHOP, "app_id": CRM, "owner_id": OWNER, "created_at": MOMENT}
        | {"scopes": "customers.read offline_access", "code_digest": digest("code")}
        | {"redirect_uri": "http://localhost/callback", "redirect_given": True}
        | {"challenge": "made-up", "code_expires_at": MOMENT + MINUTE, "code_used_at": MOMENT},
        {"id": 32, "store_id": OTHER, "app_id": CRM, "owner_id": None, "created_at": MOMENT}
        | {"scopes": "customers.read", "revoked_at": MOMENT + MINUTE},
    ],
    "tokens": [
        {"digest": digest("forever"), "id": 3, "store_id": SHOP, "app_id": READER, "hint": "a1b2"}
        | {"scopes": "customers.read metadata.read", "created_at": MOMENT},
        {"digest": digest("access"), "id": 4, "store_id": SHOP, "app_id": CRM, "hint": "c3d4"}
        | {"scopes": "customers.read", "created_at": MOMENT, "expires_at": MOMENT + 14 * MINUTE}
        | {"revoked_at": MOMENT + MINUTE, "authorization_id": 31},
    ],
    "refresh_tokens": [
        {"digest": digest("refresh 1"), "authorization_id": 31, "token_id": 4, "used_at": MOMENT}
        | {"scopes": "customers.read", "created_at": MOMENT, "expires_at": LARGEST},
        {"digest": digest("refresh 2"), "authorization_id": 31, "token_id": 4}
        | {"scopes": "customers.read", "created_at": MOMENT, "expires_at": MOMENT + 30 * MINUTE},
    ],
    "customers": [
        customer(SHOP, AHMED, first_name="أحمد", last_name="علي", mobile=777777777)
        | {"mobile_code": "967", "email": "Ahmed@Test.test", "email_key": "ahmed@test.test"}
        | {"gender": "male", "birthday": "1997-06-03", "city": "جدة", "country": "السعودية"}
        | {"country_code": "SA", "currency": "SAR", "location": "21.5,39.2", "lang": "ar"}
        | {"orders_count": 3, "orders_amount": 310.05, "orders_average": 103.35}
        | {"orders_complete_ratio": 66.67, "orders_cancel_ratio": 33.33, "orders_cancel": 1}
        | {"latest_purchase": MOMENT - MINUTE, "abandoned_carts_items": '[{"name":"قهوة"}]'}
        | {"wallet_balance": 12.5, "total_points": 21, "country_id": 1473353380}
        | {"custom_fields": '[{"id":1,"value":"x"}]', "current_store_customer": '{"id":5}'}
        | {"is_whitelisted": True, "is_orders_rated": True, "pending_rating_count": 2}
        | {"terms": "1:0777777777 1:777777777 1:967777777777 1:ahmedtesttest 1:احمد 1:علي"},
        customer(SHOP, NOURA, first_name="Noura", last_name="عبد الله 😀", is_blocked=True)
        | {"block_reason": 'It\'s "spam"\n', "is_inactive": True, "created_at": MOMENT - MINUTE}
        | {"is_notifications_enabled": False, "updated_at": MOMENT + 1, "avatar": "a.png"}
        | {"terms": "1:noura 1:الله 1:عبدالله"},
        customer(OTHER, AHMED, first_name="Ahmed", last_name="Ali", mobile=777777777)
        | {"mobile_code": "967", "email": "Ahmed@Test.test", "email_key": "ahmed@test.test"}
        | {"terms": "1305146709:777777777 1305146709:ahmed 1305146709:ali"},
        customer(OTHER, LAST, first_name="O'Neil", mobile=0, mobile_code="966", created_at=0)
        | {"terms": "1305146709:oneil"},
    ],
    "deleted_customers": [{"store_id": SHOP, "id": 225167970, "deleted_at": MOMENT}],
    "idempotency_keys": [
        {"store_id": SHOP, "app_id": CRM, "idempotency_key": "a key", "done_at": MOMENT}
        | {"fingerprint": digest("request"), "result": AHMED}
    ],
    "customer_groups": [
        {"store_id": SHOP, "id": DEFAULT, "name": "المجموعة الافتراضية", "is_default": True},
        {"store_id": SHOP, "id": VIP, "name": "VIP"}
        | {"features": '{"payment_method":["cod"],"shipping":["pickup"]}'},
        {"store_id": SHOP, "id": BUYERS, "name": "Buyers", "evaluate_after": AHMED}
        | {"conditions": '[{"type":"total_sales","symbol":">","value":100}]'},
        {"store_id": OTHER, "id": OTHER_DEFAULT, "name": "Default", "is_default": True},
    ],
    "memberships": [
        {"store_id": SHOP, "member": AHMED, "group_id": VIP},
        {"store_id": SHOP, "member": AHMED, "group_id": BUYERS},
        {"store_id": SHOP, "member": AHMED, "group_id": BUYERS, "source": "condition"},
        {"store_id": OTHER, "member": LAST, "group_id": OTHER_DEFAULT},
    ],
    "wallet_entries": [
        {"store_id": SHOP, "customer_id": AHMED, "number": 1, "amount": 2000, "balance": 2000}
        | {"app_id": None, "at": MOMENT},
        {"store_id": SHOP, "customer_id": AHMED, "number": 2, "amount": -750, "balance": 1250}
        | {"app_id": CRM, "at": MOMENT + MINUTE},
    ],
    "loyalty_entries": [
        {"store_id": SHOP, "customer_id": AHMED, "number": 1, "points": 30, "balance": 30}
        | {"reason": "", "app_id": None, "at": MOMENT},
        {"store_id": SHOP, "customer_id": AHMED, "number": 2, "points": -9, "balance": 21}
        | {"reason": "استبدال", "app_id": CRM, "at": MOMENT + MINUTE},
    ],
    "imports": [
        {"store_id": SHOP, "id": 41, "app_id": CRM, "name": "عملاء.xlsx", "language": "ar"}
        | {"state": "running", "row_count": 4, "done_count": 2, "created_count": 1}
        | {"updated_count": 0, "rejected_count": 1, "created_at": MOMENT, "worker": "w1"}
        | {"held_until": MOMENT + MINUTE},
        {"store_id": SHOP, "id": 42, "app_id": CRM, "name": "empty.csv", "language": "en"}
        | {"state": "done", "row_count": 0, "done_count": 0, "created_count": 0}
        | {"updated_count": 0, "rejected_count": 0, "created_at": 0, "finished_at": MOMENT},
    ],
    "import_batches": [
        {"store_id": SHOP, "import_id": 41, "number": 1, "content": '[{"first_name":"Omar"}]'}
    ],
    "import_rejects": [
        {"store_id": SHOP, "import_id": 41, "line": 3, "reason": "birthday is not a day"}
        | {"cells": '{"first_name":"Sara","birthday":"yesterday"}'}
    ],
    "import_created": [
        {"store_id": SHOP, "import_id": 41, "customer_id": NOURA, "updated_at": MOMENT + 1}
    ],
    "webhooks": [
        {"id": 51, "store_id": SHOP, "app_id": CRM, "name": "New", "event": "customer.created"}
        | {"url": "https://crm.example/hooks", "version": 2, "rule": "city = 'جدة'"}
        | {
            "headers": b"sealed",
            "strategy": "signature",
            "secret": b"\xff\x00",
            "created_at": MOMENT,
        },
        {"id": 52, "store_id": SHOP, "app_id": CRM, "name": "", "event": "customer.updated"}
        | {"url": "https://crm.example/hooks", "version": 1, "headers": b"", "strategy": "token"}
        | {"created_at": MOMENT, "failing_since": MOMENT + MINUTE, "paused": "gone"},
    ],
    "feed": [
        {"store_id": SHOP, "newest": 2, "dropped": 0},
        {"store_id": OTHER, "newest": 0, "dropped": 0},
    ],
    "events": [
        {"id": "evt_1", "store_id": SHOP, "name": "customer.created", "at": MOMENT}
        | {"body": '{"first_name":"أحمد"}'.encode(), "customer_id": AHMED, "position": 1},
        {"id": "evt_2", "store_id": SHOP, "name": "app.installed", "at": MOMENT}
        | {"body": b"{}", "app_id": CRM, "position": 2},
        {"id": "evt_3", "store_id": SHOP, "name": "customer.updated", "at": MOMENT + MINUTE}
        | {"body": b"{}", "customer_id": NOURA},
    ],
    "deliveries": [
        {
            "webhook_id": 51,
            "event_id": "evt_1",
            "event": "customer.created",
            "state": "pending",
            "attempts": 1,
        }
        | {"created_at": MOMENT, "next_at": MOMENT + MINUTE, "error": "timeout"},
        {
            "webhook_id": 52,
            "event_id": "evt_1",
            "event": "customer.created",
            "state": "dead",
            "attempts": 10,
        }
        | {"created_at": MOMENT, "next_at": MOMENT, "status": 410},
    ],
}
"""By table, in an order that references allow. A column that is left out has its default."""

INDEX = "UPDATE search_index SET newest = (SELECT max(number) FROM customers)"
"""The statement at the end of a commit on SQLite."""


def make_sqlite(path: Path) -> None:
    """Make the database as a new SQLite file, of small pages: most tables are nearly empty."""
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("PRAGMA page_size = 1024; PRAGMA foreign_keys = ON; BEGIN")
        connection.execute(migrations("sqlite")[0].script)
        for text, values in _inserts("?{}", _with_numbers(ROWS)):
            connection.execute(text, values)
        connection.execute(f"{INDEX}; COMMIT")


async def make_postgres(url: str) -> None:
    """Make the same in an empty PostgreSQL database."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(migrations("postgres")[0].script)
        for text, values in _inserts("${}", ROWS):
            await connection.execute(text, *values)
    finally:
        await connection.close()


def _with_numbers(tables: Mapping[str, Sequence[Row]]) -> Mapping[str, Sequence[Row]]:
    """Return the rows as SQLite has them: a member is the number of the customer's row."""
    customers = [(row["store_id"], row["id"]) for row in tables["customers"]]
    memberships = [
        row | {"member": 1 + customers.index((row["store_id"], row["member"]))}
        for row in tables["memberships"]
    ]
    return {**tables, "memberships": memberships}


def _inserts(
    placeholder: str, tables: Mapping[str, Sequence[Row]]
) -> list[tuple[str, tuple[Any, ...]]]:
    """Return a statement and its values for every row."""
    return [
        (
            f"INSERT INTO {table} ({', '.join(row)}) VALUES"
            f" ({', '.join(placeholder.format(n) for n in range(1, len(row) + 1))})",
            tuple(row.values()),
        )
        for table, rows in tables.items()
        for row in rows
    ]


def migrated_copy(folder: Path, file: Path = FILE) -> Path:
    """Return a copy of the file in this folder, with today's migrations."""
    copy = folder / file.name
    shutil.copyfile(file, copy)
    asyncio.run(migrate(str(copy)))
    return copy


async def migrate(url: str) -> None:
    """Make today's migrations in the database at an address, at a moment that does not change."""
    register = await open_register(url)
    try:
        await register.schema.migrate(moment(MOMENT))
    finally:
        await register.close()


if __name__ == "__main__":
    if not FILE.exists():
        make_sqlite(FILE)
