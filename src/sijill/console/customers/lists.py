"""The list of customers: searched, filtered, page by page; and the file of what is filtered."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sijill.audit.causes import REASONS
from sijill.console.answers import go, show
from sijill.console.customers.seen import reveal, revealed_to, rows
from sijill.console.desk import Desk
from sijill.console.forms import (
    NO_REASON,
    Faults,
    faults_of_reason,
    reason_in,
    sentences,
    submitted,
    text_of,
)
from sijill.customers.browsing import Browser, cursors_of
from sijill.customers.fields import COLUMNS, cells
from sijill.customers.lookup import Lookup, terms_sought
from sijill.customers.model import Customer
from sijill.customers.selection import PAGE, Count, Cursor, Exactly, Selection, order_of
from sijill.customers.selection_query import (
    BANNED,
    GROUP,
    ORDER,
    SINCE,
    UNTIL,
    parse_cursor,
    parse_selection,
    query_of_page,
    selection_pairs,
)
from sijill.errors import Invalid
from sijill.http.query import last, parse_query
from sijill.http.request import Request, Response, Stream, chosen_language
from sijill.imports.rows import Format
from sijill.imports.writing import writer
from sijill.oauth.visits import Visit

GROUPS = 200
"""Groups that a filter offers at most."""

FORMATS: dict[str, tuple[Format, bytes]] = {
    "csv": ("csv", b"text/csv; charset=utf-8"),
    "jsonl": ("jsonl", b"application/jsonl"),
}
"""The formats of a file, which can be written row by row."""


_KEPT = {"q", GROUP, BANNED, SINCE, UNTIL, ORDER}
"""Parameters of the list that a form of it keeps."""


class Found(NamedTuple):
    """The customers of a page, and what it says of the others."""

    customers: Sequence[Customer]
    complete: bool = True
    """Whether a search found no more than these."""
    too_short: bool = False
    """Whether a search found none because its keyword is too short."""
    previous: str | None = None
    next: str | None = None
    """The queries of the pages before and behind."""
    total: Count | None = None


@dataclass(frozen=True)
class CustomerLists:
    """Answers with lists of customers."""

    desk: Desk

    async def browse(self, request: Request, visit: Visit) -> Response:
        """Answer with a page of the list, or with what a search finds. Raises: Unavailable."""
        return await self._list(visit, NO_REASON, Faults())

    async def reveal(self, request: Request, visit: Visit) -> Response:
        """
        Let the person see every customer whole for a while, for a reason and a ticket.

        Raises: BadRequest; ForgedForm; Unavailable.
        """
        asked = reason_in(await submitted(request, visit))
        try:
            await reveal(self.desk, visit, asked, None)
        except Invalid as fault:
            return await self._list(visit, asked, sentences(request, fault))
        return go(visit, f"/customers{_kept(request)}", "done_customer_revealed")

    async def hide(self, request: Request, visit: Visit) -> Response:
        """Let the person see values masked again. Raises: ForgedForm; Unavailable."""
        await visit.form()
        await self.desk.register.reveals.end(visit.person, visit.store.id)
        return go(visit, f"/customers{_kept(request)}", "done_customers_hidden")

    async def _list(self, visit: Visit, asked: dict[str, str], wrong: Faults) -> Response:
        """Return the list; `asked` and `wrong` are of the form that shows values whole."""
        request = visit.request
        pairs = parse_query(request.query)
        keyword = (last(pairs, "q") or "").strip()
        try:
            selection, faults = parse_selection(pairs), Faults()
        except Invalid as fault:
            selection, faults = Selection(), sentences(request, fault)
        revealed = await revealed_to(self.desk, visit)
        if keyword:
            found = await self._sought(visit, selection, keyword, everybody=revealed.everybody)
        else:
            found = await self._page(visit, selection, parse_cursor(pairs))
        return show(
            visit,
            "customers.html",
            "nav_customers",
            status=422 if faults or wrong else 200,
            rows=rows(found.customers, visit, revealed),
            exact_only=not revealed.everybody,
            keyword=keyword,
            selection=selection,
            filters=dict(selection_pairs(selection)),
            query=query_of_page(selection),
            count=found.total,
            exactly=_exactly(found.total),
            here_query=_kept(request),
            groups=await self._groups(visit),
            reasons=list(REASONS),
            asked=asked,
            reveal_faults=wrong,
            faults=faults,
            complete=found.complete,
            too_short=found.too_short,
            previous=found.previous,
            next=found.next,
        )

    async def _sought(
        self, visit: Visit, selection: Selection, keyword: str, *, everybody: bool
    ) -> Found:
        lookup = Lookup(self.desk.register.driver, monotonic)
        search = lookup.search if everybody else lookup.exactly
        sought = await search(visit.store, selection, keyword)
        return Found(
            sought.customers[:PAGE],
            complete=sought.complete and len(sought.customers) <= PAGE,
            too_short=not sought.customers and not terms_sought(keyword),
        )

    async def _page(self, visit: Visit, selection: Selection, cursor: Cursor | None) -> Found:
        browser = Browser(self.desk.register.driver)
        page = await browser.page(visit.store, selection, cursor)
        before, behind = cursors_of(page, order_of(selection))
        return Found(
            page.rows,
            previous=before and query_of_page(selection, before),
            next=behind and query_of_page(selection, behind),
            total=await browser.count(visit.store, selection),
        )

    async def ask_export(self, request: Request, visit: Visit) -> Response:
        """Answer with the form that asks for a file. Raises: Invalid; Unavailable."""
        return await self._export_form(visit, {}, Faults())

    async def _export_form(self, visit: Visit, values: dict[str, str], faults: Faults) -> Response:
        selection = parse_selection(parse_query(visit.request.query))
        count = await Browser(self.desk.register.driver).count(visit.store, selection)
        return show(
            visit,
            "customers_export.html",
            "nav_customers",
            status=422 if faults else 200,
            count=count,
            exactly=_exactly(count),
            filters=dict(selection_pairs(selection)),
            query=query_of_page(selection),
            formats=list(FORMATS),
            reasons=list(REASONS),
            values={"format": "csv"} | NO_REASON | values,
            faults=faults,
        )

    async def export(self, request: Request, visit: Visit) -> Response | Stream:
        """
        Answer with a file of all customers of a selection, row by row; its cells are no formulas.

        Raises: BadRequest; ForgedForm; Invalid; Unavailable.
        """
        form = await submitted(request, visit)
        values = {name: text_of(form, name) for name in ("format", "reason", "ticket")}
        faults = _faults_of_export(values)
        if faults:
            return await self._export_form(visit, values, sentences(request, Invalid(faults)))
        selection = parse_selection(parse_query(request.query))
        cause = visit.cause._replace(reason=values["reason"], ticket=values["ticket"])
        audit = self.desk.register.audit
        await audit.note(cause, "customer.export", visit.store.id, whole=True)
        form_name, media_type = FORMATS[values["format"]]
        headers = [
            (b"content-type", media_type),
            (b"content-disposition", f'attachment; filename="customers.{form_name}"'.encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        pieces = self._pieces(visit, selection, form_name, chosen_language(request))
        return Stream(200, pieces, headers, (visit.store.id, 0))

    async def _pieces(
        self, visit: Visit, selection: Selection, form: Format, language: str
    ) -> AsyncGenerator[bytes, None]:
        file = BytesIO()
        out = writer(file, form, tuple(COLUMNS), language)
        browser, written = Browser(self.desk.register.driver), 0
        async for customer in browser.each(visit.store, selection):
            out.write(cells(customer))
            written += 1
            if written % PAGE == 0:
                yield _taken(file)
        out.close()
        yield _taken(file)

    async def _groups(self, visit: Visit) -> list[tuple[int, str]]:
        page = await self.desk.register.groups.page(visit.store.id, offset=0, limit=GROUPS)
        return [(group.id, group.name or str(group.id)) for group in page.groups]


def _kept(request: Request) -> str:
    """Return the query of a list, `?` included, with the search but not the page; "" for none."""
    pairs = [(name, value) for name, value in parse_query(request.query) if name in _KEPT and value]
    return f"?{urlencode(pairs)}" if pairs else ""


def _taken(file: BytesIO) -> bytes:
    """Return what was written to a file, and empty it."""
    piece = file.getvalue()
    file.seek(0)
    file.truncate()
    return piece


def _exactly(count: Any) -> int | None:
    """Return the number of an exact count; None for any other."""
    return count.number if isinstance(count, Exactly) else None


def _faults_of_export(values: dict[str, str]) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if values["format"] not in FORMATS:
        faults["format"] = ["invalid"]
    return faults | faults_of_reason(values)
