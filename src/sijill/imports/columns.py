"""
The columns of a file of customers: how a cell is read into a value, and how a value is written.

A cell is a JSON value; one of a CSV file is its text. Either spelling is read in either format:
numbers as text, text as numbers, groups as a list or joined by `;`.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec

from sijill.customers.model import GENDERS, MOST_GROUPS, NAME_LENGTH, Customer, Extras
from sijill.ledgers.wallets import MOST_BALANCE
from sijill.values.depth import DEPTH, exceeds_max_depth
from sijill.values.ids import MAX_ID
from sijill.values.texts import clean, parse_email

MAX_COUNT = 2**53 - 1
"""The largest count: every JSON reader holds it exactly. Source: RFC 8259 §6."""

_COUNT = re.compile(r"[0-9]{1,19}", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_AMOUNT = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}", re.ASCII)
_ENCODED_NUL = re.compile(rb"(?<!\\)(\\\\)*\\u0000")
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)


class Column(NamedTuple):
    """
    How one column is read and written.

    `parse` takes a cell that is neither null nor empty, and raises ValueError with a short
    sentence that never repeats the cell. `none` is the value of a null or empty cell. `cell` is
    the JSON value a value is written as.
    """

    parse: Callable[[Any], Any]
    none: Any = None
    cell: Callable[[Any], Any] = lambda value: value


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    raise ValueError("is not a text")


def _token(cell: Any) -> str:
    """Return a cell that is no free text as trimmed text; 5.0 is how a sheet may write 5."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= MAX_COUNT:
        cell = int(cell)
    if isinstance(cell, bool) or not isinstance(cell, str | int):
        raise ValueError("is neither a text nor a whole number")
    return str(cell).strip()


def _number(cell: Any) -> str:
    """Return a cell that is a number or a day, its Arabic digits as ASCII ones."""
    return _token(cell).translate(_DIGITS)


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


def _free(cell: Any, *, most: int, lines: bool = False) -> str:
    return clean(_text(cell), most, lines=lines)


def _email(cell: Any) -> str:
    return parse_email(_text(cell))


def _id(cell: Any) -> int:
    token = _token(cell)
    if not _ID.fullmatch(token) or int(token) > MAX_ID:
        raise ValueError("is not an id: a whole number from 1")
    return int(token)


def _groups(cell: Any) -> tuple[int, ...]:
    """Read group ids, each once, in ascending order."""
    items = cell if isinstance(cell, list) else _token(cell).split(";")
    if len(items) > MOST_GROUPS:
        raise ValueError(f"names more than {MOST_GROUPS} groups")
    return tuple(sorted({_id(item) for item in items}))


def _mobile(cell: Any) -> str:
    """Read a number as it is spelled: what it means depends on mobile_code."""
    return _token(cell)


def _gender(cell: Any) -> str:
    token = _token(cell).lower()
    gender = _GENDERS.get(token, token)
    if gender not in GENDERS:
        raise ValueError("is neither male nor female")
    return gender


_GENDERS = {"ذكر": "male", "أنثى": "female", "انثى": "female"}


def _upper(cell: Any, *, shape: re.Pattern[str], sentence: str) -> str:
    token = _token(cell)
    if not shape.fullmatch(token):
        raise ValueError(sentence)
    return token.upper()


def _day(cell: Any) -> date:
    token = _number(cell).replace("/", "-")
    if not _DAY.fullmatch(token):
        raise ValueError("is not a day: write YYYY-MM-DD")
    try:
        return date.fromisoformat(token)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
"""The moments that have a day in every zone of the world."""


def _moment(cell: Any) -> datetime:
    """Read a moment as aware UTC; one without its zone is refused, as it would be guessed."""
    try:
        moment = datetime.fromisoformat(_token(cell))
        if moment.tzinfo is not None and _FIRST <= moment.astimezone(UTC) < _LAST:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("is not a moment: write it as 2026-01-31T10:00:00Z")


def _moment_cell(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat("T", "microseconds") + "Z"


def _count(cell: Any) -> int:
    token = _number(cell)
    if not _COUNT.fullmatch(token) or int(token) > MAX_COUNT:
        raise ValueError("is not a count: a whole number from 0 to 2^53-1")
    return int(token)


def _amount(cell: Any) -> float:
    token = repr(cell) if isinstance(cell, float) else _number(cell)
    if not _AMOUNT.fullmatch(token) or not math.isfinite(float(token)):
        raise ValueError("is not a number")
    return float(token)


def _balance(cell: Any) -> float:
    """Read money that a customer has: what its ledger can hold, in any currency's decimals."""
    amount = _amount(cell)
    if not 0 <= amount <= MOST_BALANCE or round(amount, 3) != amount:
        raise ValueError("is not a balance: from 0 to 10^12, with at most 3 decimals")
    return amount


def _flag(cell: Any) -> bool:
    flag = _FLAGS.get(str(cell).strip().translate(_DIGITS).lower())
    if flag is None:
        raise ValueError("is neither true nor false")
    return flag


_FLAGS = {"true": True, "false": False, "1": True, "0": False, "نعم": True, "لا": False}


def _json(cell: Any) -> Any:
    """Read a JSON value: a text is JSON text, in either format."""
    try:
        value = msgspec.json.decode(cell) if isinstance(cell, str) else cell
        encoded = msgspec.json.encode(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise ValueError("is not valid JSON") from None
    if exceeds_max_depth(value):
        raise ValueError(f"is nested deeper than {DEPTH} levels")
    if _ENCODED_NUL.search(encoded):
        raise ValueError("holds a NUL character")  # no database keeps one in JSON
    return value


def _json_cell(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, str) else value


def _free_column(most: int, *, lines: bool = False) -> Column:
    return Column(partial(_free, most=most, lines=lines), "")


_FLAG = Column(_flag)
_COUNTED = Column(_count)
_AMOUNTED = Column(_amount)
_JSON = Column(_json, cell=_json_cell)
_MOMENT = Column(_moment, cell=_moment_cell)

_OWN = {
    "id": Column(_id),
    "first_name": _free_column(NAME_LENGTH),
    "last_name": _free_column(NAME_LENGTH),
    "mobile": Column(_mobile),
    "mobile_code": Column(_token, ""),
    "email": Column(_email, ""),
    "avatar": _free_column(2_048),
    "gender": Column(_gender),
    "birthday": Column(_day, cell=lambda day: day and day.isoformat()),
    "city": _free_column(255),
    "country": _free_column(255),
    "country_code": Column(
        partial(_upper, shape=_COUNTRY, sentence="is not a country: two letters of ISO 3166"), ""
    ),
    "currency": Column(
        partial(_upper, shape=_CURRENCY, sentence="is not a currency: three letters of ISO 4217"),
        "",
    ),
    "location": _free_column(2_000, lines=True),
    "lang": _free_column(35),  # the longest tag one must expect: RFC 5646 §4.4.1
    "groups": Column(_groups, (), list),
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
}

_EXTRA = {
    "is_blocked": _FLAG,
    "is_whitelisted": _FLAG,
    "block_reason": _free_column(2_000, lines=True),
    "is_inactive": _FLAG,
    "orders_count": _COUNTED,
    "orders_amount": _AMOUNTED,
    "orders_average": _AMOUNTED,
    "orders_complete_ratio": _AMOUNTED,
    "orders_cancel_ratio": _AMOUNTED,
    "orders_cancel": _COUNTED,
    "latest_purchase": _MOMENT,
    "abandoned_carts_items": _JSON,
    "wallet_balance": Column(_balance),
    "total_points": _COUNTED,
    "country_id": _COUNTED,
    "custom_fields": Column(lambda cell: _json(cell) or (), cell=_json_cell),
    "current_store_customer": _JSON,
    "is_orders_rated": _FLAG,
    "pending_rating_count": _COUNTED,
    "is_notifications_enabled": _FLAG,
}

_NO_EXTRAS = Extras()

COLUMNS: dict[str, Column] = _OWN | {
    name: _EXTRA[name]._replace(none=getattr(_NO_EXTRAS, name)) for name in Extras.__struct_fields__
}
"""Every column in the order of a file: the customer's own, then the extras."""


def read(name: str, cell: Any) -> Any:
    """
    Return the value of a cell of the named column; null and "" are its none.

    Raises: ValueError with a sentence that begins with the column's name.
    """
    column = COLUMNS[name]
    if cell is None or cell == "":
        return column.none
    try:
        return column.parse(cell)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def cells(customer: Customer) -> dict[str, Any]:
    """Return a customer as a row: column name to JSON value, every column, in order."""
    extras = customer.extras or _NO_EXTRAS
    return {
        name: column.cell(getattr(customer if name in _OWN else extras, name))
        for name, column in COLUMNS.items()
    }
