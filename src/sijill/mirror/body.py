"""Bodies of upstream: a customer's JSON and pages of a list, kept as they are and read as ours."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from sijill.customers.model import Customer, Extras, blank
from sijill.database.columns import micros
from sijill.mirror.model import Misshapen
from sijill.values.dates import zone
from sijill.values.ids import MAX_ID

MAX_NUMBER = 2**63 - 1


class Moment(Struct):
    """A moment as upstream writes it."""

    date: str
    timezone: str = "UTC"


class Body(Struct):
    """The keys that are read; every other one stays in the raw body alone."""

    id: int
    updated_at: Moment
    created_at: Moment | None = None
    first_name: str | None = None
    last_name: str | None = None
    mobile: int | str | None = None
    mobile_code: str | int | None = None
    email: str | None = None
    avatar: str | None = None
    gender: str | None = None
    birthday: Moment | str | None = None
    city: str | None = None
    country: str | None = None
    country_code: str | None = None
    currency: str | None = None
    location: str | None = None
    lang: str | None = None
    groups: list[int] = []
    is_blocked: bool = False
    is_whitelisted: bool = False
    block_reason: str | None = None
    is_inactive: bool = False
    total_points: int = 0
    country_id: int | None = None
    custom_fields: Any = ()
    current_store_customer: Any = None
    is_orders_rated: bool = False
    pending_rating_count: int = 0
    is_notifications_enabled: bool = True


class Seen(NamedTuple):
    """A customer that upstream showed."""

    body: bytes
    """The JSON object as it was sent."""
    customer: Customer
    zone: str
    """The time zone that its dates are written in."""

    @property
    def id(self) -> int:
        """The id."""
        return self.customer.id

    @property
    def created_at(self) -> int:
        """In microseconds of the UTC epoch."""
        return micros(self.customer.created_at)

    @property
    def updated_at(self) -> int:
        """In microseconds of the UTC epoch."""
        return micros(self.customer.updated_at)


class Page(NamedTuple):
    """A page of a list, and how many customers the list has in all."""

    rows: list[Seen]
    total: int


class _Pagination(Struct, rename="camel"):
    count: int
    total: int
    per_page: int
    current_page: int


class _List(Struct):
    data: list[Raw]
    pagination: _Pagination


class _Details(Struct):
    data: Raw


def read_details(body: bytes) -> bytes:
    """Return the customer's JSON object of Customer Details. Raises: Misshapen."""
    try:
        return bytes(_details.decode(body).data)
    except msgspec.DecodeError as fault:
        raise Misshapen("details") from fault


def read_page(body: bytes, page: int, per_page: int) -> Page:
    """
    Return a page of a list that says itself to be whole, and holds as many as it says.

    Raises: Misshapen.
    """
    try:
        found = _list.decode(body)
    except msgspec.DecodeError as fault:
        raise Misshapen("list") from fault
    said, total = found.pagination, found.pagination.total
    expected = min(per_page, max(0, total - (page - 1) * per_page))
    if said.per_page != per_page or said.current_page != page or total < 0:
        raise Misshapen("pagination")
    if len(found.data) != said.count or said.count != expected:
        raise Misshapen("short_page")
    rows = [read_customer(bytes(raw)) for raw in found.data]
    if len({row.id for row in rows}) != len(rows):
        raise Misshapen("repeated_row")
    return Page(rows, total)


def read_customer(body: bytes) -> Seen:
    """Return the customer of a JSON object. Raises: Misshapen."""
    try:
        found = _body.decode(body)
        updated = _moment(found.updated_at)
        created = _moment(found.created_at) if found.created_at else updated
        birthday = _day(found.birthday)
    except (msgspec.DecodeError, ValueError, OSError, KeyError) as fault:
        raise Misshapen("customer") from fault
    if not 1 <= found.id <= MAX_ID:
        raise Misshapen("id")
    number = _number(found.mobile)
    code = str(found.mobile_code or "").removeprefix("+").removeprefix("00")
    customer = replace(
        blank(found.id, created),
        first_name=_text(found.first_name),
        last_name=_text(found.last_name),
        mobile=number if code else None,
        mobile_code=_text(code) if number is not None else "",
        email=_text(found.email),
        avatar=_text(found.avatar),
        gender=_text(found.gender) or None,
        birthday=birthday,
        city=_text(found.city),
        country=_text(found.country),
        country_code=_text(found.country_code).upper(),
        currency=_text(found.currency),
        location="" if found.location == "null" else _text(found.location),
        lang=_text(found.lang),
        updated_at=updated,
        groups=tuple(sorted({group for group in found.groups if 1 <= group <= MAX_ID})),
        extras=_extras(found),
    )
    return Seen(body, customer, (found.created_at or found.updated_at).timezone)


def merged(known: bytes, partial: bytes) -> bytes:
    """
    Return a known body with the values of a partial one, byte for byte, in the known order.

    Keys that the known body has not stay out. Raises: Misshapen.
    """
    try:
        old, new = _members.decode(known), _members.decode(partial)
    except msgspec.DecodeError as fault:
        raise Misshapen("customer") from fault
    return msgspec.json.encode({key: new.get(key, value) for key, value in old.items()})


def _extras(found: Body) -> Extras:
    fields = found.custom_fields
    return Extras(
        is_blocked=found.is_blocked,
        is_whitelisted=found.is_whitelisted,
        block_reason=None if found.block_reason is None else _text(found.block_reason),
        is_inactive=found.is_inactive,
        total_points=_fitting(found.total_points) or 0,
        country_id=_fitting(found.country_id),
        custom_fields=tuple(fields) if isinstance(fields, list) else fields or (),
        current_store_customer=found.current_store_customer,
        is_orders_rated=found.is_orders_rated,
        pending_rating_count=_fitting(found.pending_rating_count) or 0,
        is_notifications_enabled=found.is_notifications_enabled,
    )


def _text(value: str | None) -> str:
    """Return a text as both databases store it: without NUL."""
    return (value or "").replace("\0", "")


def _number(value: int | str | None) -> int | None:
    if isinstance(value, str):
        digits = value.strip()
        value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    return _fitting(value) or None


def _fitting(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= MAX_NUMBER else None


def _moment(found: Moment) -> datetime:
    wall = datetime.fromisoformat(found.date)
    moment = wall.replace(tzinfo=zone(found.timezone)) if wall.tzinfo is None else wall
    return moment.astimezone(UTC)


def _day(found: Moment | str | None) -> date | None:
    text = found.date if isinstance(found, Moment) else found
    return date.fromisoformat(text[:10]) if text else None


_body = msgspec.json.Decoder(Body)
_list = msgspec.json.Decoder(_List)
_details = msgspec.json.Decoder(_Details)
_members = msgspec.json.Decoder(dict[str, Raw])
