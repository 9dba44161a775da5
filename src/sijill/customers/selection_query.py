"""A selection of customers as the query of a URL, and back: the URL holds every filter."""

import re
from urllib.parse import urlencode

from sijill.customers.selection import ORDERS, Cursor, Order, Place, Selection
from sijill.errors import Invalid
from sijill.fields.form import Refused
from sijill.fields.times import DAY
from sijill.http.query import Pairs, last, parse_id
from sijill.values.texts import ascii_digits, is_blank

GROUP, BANNED, SINCE, UNTIL, ORDER = "group", "banned", "from", "to", "sort"
AFTER, BEFORE = "after", "before"

_PLACE = re.compile(r"(-?[0-9]{1,19})\.([0-9]{1,19})", re.ASCII)


def parse_selection(pairs: Pairs) -> Selection:
    """
    Return the selection of a query; an absent or empty parameter is no filter.

    Digits may be Western, Arabic-Indic or Persian.
    Raises: Invalid naming each parameter that cannot be read.
    """
    faults: dict[str, list[str]] = {}
    group = parse_id(_text(pairs, GROUP)) if _text(pairs, GROUP) else None
    if _text(pairs, GROUP) and group is None:
        faults[GROUP] = ["integer"]
    order: Order = "newest"
    if (name := _text(pairs, ORDER)) in ORDERS:
        order = ORDERS[ORDERS.index(name)]
    elif name:
        faults[ORDER] = ["in"]
    if _text(pairs, BANNED) not in ("", "0", "1"):
        faults[BANNED] = ["boolean"]
    days = {}
    for name in (SINCE, UNTIL):
        if text := _text(pairs, name):
            try:
                days[name] = DAY.read(text)
            except Refused:
                faults[name] = ["date"]
    if faults:
        raise Invalid(faults)
    banned = _text(pairs, BANNED) == "1"
    return Selection(group, banned, days.get(SINCE), days.get(UNTIL), order)


def selection_pairs(selection: Selection) -> Pairs:
    """Return the parameters of a selection; `parse_selection` reads the same selection of them."""
    pairs = [
        (GROUP, "" if selection.group_id is None else str(selection.group_id)),
        (BANNED, "1" if selection.banned else ""),
        (SINCE, "" if selection.first_day is None else selection.first_day.isoformat()),
        (UNTIL, "" if selection.last_day is None else selection.last_day.isoformat()),
        (ORDER, "" if selection.order == "newest" else selection.order),
    ]
    return [(name, value) for name, value in pairs if value]


def parse_cursor(pairs: Pairs) -> Cursor | None:
    """Return the cursor of a query; None, which is the first page, for one that is no place."""
    for name, backwards in ((AFTER, False), (BEFORE, True)):
        match = _PLACE.fullmatch(_text(pairs, name))
        if match and -(2**63) <= int(match[1]) < 2**63 and int(match[2]) < 2**63:
            return Cursor(Place(int(match[1]), int(match[2])), backwards)
    return None


def query_of_page(selection: Selection, cursor: Cursor | None = None, **more: str) -> str:
    """Return the query of a page, `?` included; "" for the first page of everything."""
    pairs = [*selection_pairs(selection), *more.items()]
    if cursor is not None:
        place = f"{cursor.place.at}.{cursor.place.id}"
        pairs.append((BEFORE if cursor.backwards else AFTER, place))
    return f"?{urlencode(pairs)}" if pairs else ""


def _text(pairs: Pairs, name: str) -> str:
    text = last(pairs, name)
    return "" if text is None or is_blank(text) else ascii_digits(text)
