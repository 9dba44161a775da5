"""
What nobody documents of upstream, and the mirror takes for granted: asked of it, read-only.

Each question says how the answer is as assumed, or is not; no finding holds a value of a person.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from sijill.mirror.model import FIELDS, MIRRORED_FIELDS, Reply
from sijill.mirror.upstream.shapes import shape_of

Ask = Callable[[str, Sequence[tuple[str, str]]], Awaitable[Reply]]
"""Returns the answer to a GET of a path with parameters."""

Result = Literal["as assumed", "differs", "cannot tell"]

MOST = 100
"""Requests that all questions take, at most."""

PER_PAGE = 60
ROUND = 1_000
"""A total that divides by this may be a cap."""


class Finding(NamedTuple):
    """The answer to one question."""

    question: str
    result: Result
    sentence: str


class Page(NamedTuple):
    """A page of a list, decoded."""

    status: int
    rows: list[dict[str, Any]]
    numbers: dict[str, Any]

    @property
    def total(self) -> int:
        """The total that the list tells, -1 for none."""
        total = self.numbers.get("total")
        return total if isinstance(total, int) else -1

    @property
    def ids(self) -> list[Any]:
        """The ids of the rows."""
        return [row.get("id") for row in self.rows]


class Inquiry:
    """Asks upstream, and keeps what several questions need."""

    def __init__(self, ask: Ask, today: date) -> None:
        self.ask, self.today = ask, today

    async def page(self, *parameters: tuple[str, str]) -> Page:
        """Return a page of the list."""
        reply = await self.ask("/customers", parameters)
        document = decoded(reply)
        rows = document.get("data")
        kept = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        numbers = document.get("pagination")
        return Page(reply.status, kept, numbers if isinstance(numbers, dict) else {})


Question = Callable[[Inquiry], Awaitable[tuple[Result, str]]]


def decoded(reply: Reply) -> dict[str, Any]:
    """Return the JSON object of an answer, {} for anything else."""
    try:
        document = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


async def _reads(inquiry: Inquiry) -> tuple[Result, str]:
    page = await inquiry.page(("per_page", "1"))
    return _verdict(page.status == 200, f"List Customers answers {page.status}")


async def _page_size(inquiry: Inquiry) -> tuple[Result, str]:
    size = (await inquiry.page(("per_page", str(PER_PAGE)))).numbers.get("perPage")
    told = size if isinstance(size, int) else "no number"
    return _verdict(size == PER_PAGE, f"a page of {PER_PAGE} is told to be one of {told}")


async def _pages_apart(inquiry: Inquiry) -> tuple[Result, str]:
    first = await inquiry.page(("per_page", "5"), ("page", "1"))
    second = await inquiry.page(("per_page", "5"), ("page", "2"))
    if not second.rows:
        return "cannot tell", "there are too few customers for two pages"
    shared = len({*map(str, first.ids)} & {*map(str, second.ids)})
    return _verdict(not shared, f"two pages share {shared} customers")


async def _order(inquiry: Inquiry) -> tuple[Result, str]:
    ids = [one for one in (await inquiry.page(("per_page", "20"))).ids if isinstance(one, int)]
    again = [one for one in (await inquiry.page(("per_page", "20"))).ids if isinstance(one, int)]
    if len(ids) < 3:
        return "cannot tell", "there are too few customers"
    falls = ids == sorted(ids, reverse=True)
    return _verdict(
        ids == again,
        f"the list comes in the same order twice; ids {'fall' if falls else 'do not fall'}",
    )


async def _past_the_end(inquiry: Inquiry) -> tuple[Result, str]:
    page = await inquiry.page(("per_page", "60"), ("page", "1000000"))
    good = page.status == 200 and not page.rows
    return _verdict(good, f"a page past the end answers {page.status}, {len(page.rows)} customers")


async def _bounds(inquiry: Inquiry) -> tuple[Result, str]:
    whole = (await inquiry.page(("per_page", "1"))).total
    later = inquiry.today + timedelta(days=30)
    none = (await inquiry.page(("per_page", "1"), ("date_from", later.isoformat()))).total
    every = (await inquiry.page(("per_page", "1"), ("date_to", later.isoformat()))).total
    good = none == 0 and every == whole
    return _verdict(good, "date_from and date_to bound the list" if good else "they do not")


async def _halves(inquiry: Inquiry) -> tuple[Result, str]:
    whole = (await inquiry.page(("per_page", "1"))).total
    if whole < 2:
        return "cannot tell", "there are too few customers"
    middle = inquiry.today - timedelta(days=30)
    older = ("date_to", (middle - timedelta(days=1)).isoformat())
    newer = ("date_from", middle.isoformat())
    parts = [(await inquiry.page(("per_page", "1"), bound)).total for bound in (older, newer)]
    return _verdict(sum(parts) == whole, "the totals of two spans of days add up to the whole")


async def _total(inquiry: Inquiry) -> tuple[Result, str]:
    total = (await inquiry.page(("per_page", "1"))).total
    if total <= 0:
        return "cannot tell", "there are no customers"
    return _verdict(total % ROUND != 0, "the total is no round number, which could be a cap")


async def _extras(inquiry: Inquiry) -> tuple[Result, str]:
    page = await inquiry.page(("per_page", "1"), *FIELDS)
    if not page.rows:
        return "cannot tell", "there are no customers"
    missing = [name for name in MIRRORED_FIELDS if name not in page.rows[0]]
    return _verdict(not missing, f"fields[] adds its keys, but for {len(missing)}")


async def _details(inquiry: Inquiry) -> tuple[Result, str]:
    page = await inquiry.page(("per_page", "1"), *FIELDS)
    if not page.rows:
        return "cannot tell", "there are no customers"
    reply = await inquiry.ask(f"/customers/{page.ids[0]}", FIELDS)
    data, listed = decoded(reply).get("data"), page.rows[0]
    if not isinstance(data, dict):
        return "differs", f"Customer Details answers {reply.status}"
    names = [name for name in {**data, **listed} if data.get(name) != listed.get(name)]
    told = f": {', '.join(sorted(names)[:10])}" if names else ""
    return _verdict(not names, f"list and details differ in {len(names)} keys{told}")


async def _unknown_id(inquiry: Inquiry) -> tuple[Result, str]:
    reply = await inquiry.ask("/customers/1", ())
    return _verdict(reply.status in (200, 404), f"an id that may be unknown answers {reply.status}")


async def _shape(inquiry: Inquiry) -> tuple[Result, str]:
    reply = await inquiry.ask("/customers", [("per_page", "60"), *FIELDS])
    shape = shape_of("customers.list", decoded(reply))
    lines = [*shape.missing, *shape.retyped]
    told = f": {', '.join(lines[:10])}" if lines else ""
    unknown = f"; {len(shape.unknown)} keys are new"
    return _verdict(not lines, f"{len(lines)} keys are missing or retyped{told}{unknown}")


async def _limits(inquiry: Inquiry) -> tuple[Result, str]:
    reply = await inquiry.ask("/customers", [("per_page", "1")])
    limit = reply.headers.get("x-ratelimit-limit", "")
    if not limit.isdigit():
        return "cannot tell", "no header tells the limit of requests"
    return _verdict(int(limit) >= 450, f"a header tells a limit of {int(limit)} requests")


QUESTIONS: dict[str, Question] = {
    "the token reads customers": _reads,
    "a page holds 60": _page_size,
    "pages do not overlap": _pages_apart,
    "the order stays": _order,
    "a page past the end is empty": _past_the_end,
    "dates bound the list": _bounds,
    "spans of days add up": _halves,
    "the total is exact": _total,
    "fields[] works in lists": _extras,
    "list and details agree": _details,
    "an unknown id is a 404": _unknown_id,
    "keys and types are known": _shape,
    "500 requests in ten minutes": _limits,
}
"""Every question, in the order in which a person with a demo store should look."""


async def examine(ask: Ask, today: date) -> list[Finding]:
    """Return the finding of every question. Raises: as `ask`."""
    inquiry = Inquiry(ask, today)
    return [Finding(question, *await answer(inquiry)) for question, answer in QUESTIONS.items()]


def _verdict(good: bool, sentence: str) -> tuple[Result, str]:
    return ("as assumed" if good else "differs"), sentence
