"""Customers and files for the tests of `transfer`."""

import asyncio
import io
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st
from transfer.memory import MemoryCustomers

from sijill.domain.customers import Customer, Extras
from sijill.domain.texts import clean
from sijill.transfer.columns import COLUMNS
from sijill.transfer.exporting import export_customers
from sijill.transfer.importing import Report, import_customers
from sijill.transfer.reading import read_rows
from sijill.transfer.rows import Format, Reject
from sijill.transfer.writing import writer

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
STORE = 1305146709

AHMED = Customer(
    id=2075683582,
    first_name="Ahmed",
    last_name="Ali",
    mobile=777777777,
    mobile_code="967",
    email="ahmedali@test.test",
    avatar="",
    gender="male",
    birthday=date(1990, 5, 1),
    city="صنعاء",
    country="اليمن",
    country_code="YE",
    currency="",
    location="",
    lang="ar",
    created_at=datetime(2020, 1, 1, tzinfo=UTC),
    updated_at=datetime(2020, 4, 2, 19, 43, 26, 1, tzinfo=UTC),
    groups=(11323141, 11323142),
    extras=Extras(orders_count=3, orders_amount=99.5, block_reason="late"),
)


def jsonl(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def exported(customers: MemoryCustomers, form: Format) -> bytes:
    stream = io.BytesIO()
    asyncio.run(export_customers(customers, STORE, writer(stream, form, tuple(COLUMNS))))
    return stream.getvalue()


def imported(
    customers: MemoryCustomers, data: bytes, form: Format = "jsonl", **options: Any
) -> tuple[Report, list[Reject]]:
    rejects: list[Reject] = []
    rows = read_rows(io.BytesIO(data), form)
    report = asyncio.run(
        import_customers(customers, STORE, rows, NOW, on_reject=rejects.append, **options)
    )
    return report, rejects


def holding(*some: Customer) -> MemoryCustomers:
    customers = MemoryCustomers()
    customers.stores[STORE] = {customer.id: customer for customer in some}
    return customers


def unique(some: Iterable[Customer]) -> list[Customer]:
    """Leave out whoever has another's id, mobile or e-mail."""
    seen: set[Any] = set()
    kept = []
    for one in some:
        marks = {one.id, (one.mobile_code, one.mobile), "@" + one.email} - {("", None), "@"}
        if not marks & seen:
            kept.append(one)
            seen |= marks
    return kept


_DANGEROUS = "=+-@'\"＝＋－＠;,\\"
_HARMLESS = st.characters(
    codec="utf-8",
    exclude_categories=["Cc", "Cs"],
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
_ONE = st.sampled_from(_DANGEROUS + "أحمدé👩 ") | _HARMLESS


def _texts(most: int, more: str = "") -> st.SearchStrategy[str]:
    one = _ONE | st.sampled_from(more) if more else _ONE
    return st.text(one, max_size=most // 4).map(lambda text: clean(text, 9 * most, lines=True))


def _fits(most: int) -> Any:
    return lambda text: len(text) <= most


_NAMES = _texts(25).filter(_fits(25))
_LINES = _texts(60, "\n\r\t")
_COUNTS = st.integers(0, 2**53 - 1)
_AMOUNTS = st.floats(allow_nan=False, allow_infinity=False)
_MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _AMOUNTS | _LINES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=5,
)
_MOBILES = st.sampled_from(
    [(None, ""), (501234567, "966"), (999999999, "966"), (777777777, "967"), (36001234, "973")]
) | st.tuples(st.integers(500000000, 599999999), st.just("966"))
_EMAILS = st.just("") | st.builds("{}@{}".format, *[
    st.text(_HARMLESS, min_size=1, max_size=9).map(
        lambda text: clean("".join(text.replace("@", "=").split()) or "-", 99)
    )
] * 2)  # fmt: skip

extras = st.builds(
    Extras,
    is_blocked=st.booleans(),
    is_whitelisted=st.booleans(),
    block_reason=st.none() | _LINES.filter(bool),
    is_inactive=st.booleans(),
    orders_count=_COUNTS,
    orders_amount=_AMOUNTS,
    orders_average=_AMOUNTS,
    orders_complete_ratio=_AMOUNTS,
    orders_cancel_ratio=_AMOUNTS,
    orders_cancel=_COUNTS,
    latest_purchase=st.none() | _MOMENTS,
    abandoned_carts_items=_JSON,
    wallet_balance=st.integers(0, 10**15).map(lambda thousandths: thousandths / 1000),
    total_points=_COUNTS,
    country_id=st.none() | _COUNTS,
    custom_fields=st.just(()) | st.lists(_JSON, min_size=1, max_size=2),
    current_store_customer=_JSON,
    is_orders_rated=st.booleans(),
    pending_rating_count=_COUNTS,
    is_notifications_enabled=st.booleans(),
)


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    mobile, code = draw(_MOBILES)
    email = draw(_EMAILS)
    if mobile is None and not email:
        email = "someone@example.com"
    return Customer(
        id=draw(st.integers(1, 2**31 - 1) | st.just(2**63 - 1)),
        first_name=draw(_NAMES),
        last_name=draw(_NAMES),
        mobile=mobile,
        mobile_code=code,
        email=email,
        avatar=draw(_NAMES),
        gender=draw(st.sampled_from([None, "male", "female"])),
        birthday=draw(st.none() | st.dates()),
        city=draw(_NAMES),
        country=draw(_NAMES),
        country_code=draw(st.sampled_from(["", "SA", "YE"])),
        currency=draw(st.sampled_from(["", "SAR", "USD"])),
        location=draw(_LINES),
        lang=draw(st.sampled_from(["", "ar", "en"])),
        created_at=draw(_MOMENTS),
        updated_at=draw(_MOMENTS),
        groups=tuple(sorted(draw(st.sets(st.integers(1, 2**63 - 1), max_size=3)))),
        extras=draw(extras),
    )
