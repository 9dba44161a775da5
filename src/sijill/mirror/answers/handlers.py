"""Customers of a linked store over HTTP: from the copy, unless a client wants a fresher one."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from msgspec.structs import replace

from sijill.audit.actions import VIEW
from sijill.customers.query import parse_dates, parse_keyword
from sijill.customers.table import CustomerTable
from sijill.customers.wire import EXTRAS, LIST_EXTRAS, body_of_row
from sijill.database.columns import moment
from sijill.errors import NotFound, NotStored
from sijill.http.cache_control import Wishes, parse
from sijill.http.caching import tagged
from sijill.http.envelope import encode
from sijill.http.paging import pagination_for
from sijill.http.query import parse_fields, parse_paging, parse_query
from sijill.http.request import JSON, Headers, Request, Response
from sijill.mirror.answers import bodies
from sijill.mirror.answers.asking import (
    LATER,
    Clients,
    NoAnswer,
    ask,
    passed_on,
    refusal,
    target_of,
    unavailable,
)
from sijill.mirror.answers.directives import lifetime, may_be_stale, plan
from sijill.mirror.answers.headers import age_of, forwarded, freshness, hit
from sijill.mirror.answers.linked import Linked
from sijill.mirror.applying import Applier
from sijill.mirror.model import FIELDS, MirrorRow, MirrorStore, Misshapen, Reply
from sijill.mirror.table import MirrorTable
from sijill.oauth.tokens import Grant
from sijill.stores.profiles import no_links

OK, NOT_FOUND = 200, 404


class Copy(NamedTuple):
    """The mirror's copy of one customer, and its age."""

    row: MirrorRow
    age: float
    """Seconds."""


class MirrorAnswers:
    """Answers reads of linked stores."""

    def __init__(
        self,
        linked: Linked,
        mirror: MirrorTable,
        customers: CustomerTable,
        applier: Applier,
        clients: Clients,
        clock: Callable[[], float],
        public_url: Callable[[], str],
    ) -> None:
        """`clock` gives UTC epoch seconds."""
        self._linked, self._mirror, self._customers = linked, mirror, customers
        self._applier, self._clients, self._clock = applier, clients, clock
        self._public_url = public_url

    async def details(self, request: Request, grant: Grant, store: MirrorStore) -> Response:
        """
        Answer with one customer as upstream has sent it.

        Raises: NotFound for an id that is malformed or of an erased person; NotStored.
        """
        customer_id, wishes = request.found_id, parse(request.header(b"cache-control"))
        fields = parse_fields(parse_query(request.query), EXTRAS) if request.query else frozenset()
        if not bodies.is_held(fields):
            return await self._through(request, store, wishes, "miss")
        copy = await self._copy(store, customer_id)
        request.viewed = VIEW, (customer_id,)
        match plan(None if copy is None else copy.age, wishes):
            case "serve" if copy is not None:
                return self._shown(request, copy, fields, hit(lifetime(wishes), copy.age))
            case "refuse":
                raise NotStored
            case _:
                return await self._fetched(request, store, copy, fields, wishes)

    async def page(self, request: Request, grant: Grant, store: MirrorStore) -> Response:
        """
        Answer with a page of customers; its age is that of the customer confirmed longest ago.

        Raises: Invalid for a malformed date; NotStored.
        """
        pairs, wishes = parse_query(request.query), parse(request.header(b"cache-control"))
        fields, paging = parse_fields(pairs, LIST_EXTRAS), parse_paging(pairs)
        filters = replace(parse_dates(pairs, grant.store.timezone), terms=parse_keyword(pairs))
        found = await self._customers.page(
            store.store_id, filters, offset=paging.offset, limit=paging.per_page
        )
        ids = [row[0] for row in found.rows]
        rows = {row.id: row for row in await self._mirror.rows(store.store_id, ids)}
        confirmed_at = min((row.confirmed_at for row in rows.values()), default=_probed(store))
        age = age_of(confirmed_at, self._clock())
        chosen, status = plan(age, wishes), hit(lifetime(wishes), age)
        if chosen == "refuse":
            raise NotStored
        if chosen == "fetch":
            answer = await self._fetched_page(request, store, age, wishes)
            if isinstance(answer, Response):
                return answer
            status = answer
        if ids:
            request.viewed = VIEW, ids
        pagination = pagination_for(
            *(request, self._public_url(), pairs, paging),
            count=len(ids),
            total=found.total,
            no_links=no_links(grant.store),
        )
        customers = [
            _body(rows.get(row[0]), fields) or encode(body_of_row(row, grant.store))
            for row in found.rows
        ]
        told = freshness(confirmed_at, self._clock(), status)
        told.append((b"sijill-completeness", await self._linked.completeness(store)))
        return tagged(request, bodies.listing(customers, pagination), JSON, told)

    async def _fetched_page(
        self, request: Request, store: MirrorStore, age: float, wishes: Wishes
    ) -> Response | str:
        """Return upstream's answer, or the status of the copy's if that is to be shown instead."""
        why = _why(copied=True, wishes=wishes)
        reply = await ask(self._clients, store, request, "GET", target_of(request))
        if isinstance(reply, Reply) and reply.status < 500:
            return passed_on(reply, _told(forwarded(why, reply.status)))
        if not _is_stale_taken(reply, age, wishes):
            return _failed(request, reply, why)
        return _stale(reply, why, wishes, age)

    async def through(self, request: Request, grant: Grant, store: MirrorStore) -> Response:
        """Answer with what upstream answers, to a read of which there is no copy."""
        wishes = parse(request.header(b"cache-control"))
        return await self._through(request, store, wishes, "bypass")

    async def _through(
        self, request: Request, store: MirrorStore, wishes: Wishes, why: str
    ) -> Response:
        if wishes.only_if_cached:
            raise NotStored
        reply = await ask(self._clients, store, request, "GET", target_of(request))
        if isinstance(reply, NoAnswer):
            return _failed(request, reply, why)
        return passed_on(reply, _told(forwarded(why, reply.status)))

    async def refresh(
        self, store: MirrorStore, request: Request, customer_id: int
    ) -> Reply | NoAnswer:
        """Ask upstream for a customer and apply the answer, which is returned."""
        target = f"/customers/{customer_id}?{urlencode(FIELDS)}"
        reply = await ask(self._clients, store, request, "GET", target)
        if isinstance(reply, NoAnswer):
            return reply
        if reply.status == OK:
            try:
                await self._applier.apply(store.store_id, reply, "foreground")
            except Misshapen as fault:
                return NoAnswer(fault.reason, LATER)
        elif reply.status == NOT_FOUND:
            await self._mirror.queue_check(store.store_id, customer_id, moment(reply.sent_at))
        return reply

    async def _fetched(
        self,
        request: Request,
        store: MirrorStore,
        copy: Copy | None,
        fields: frozenset[str],
        wishes: Wishes,
    ) -> Response:
        """Answer with a customer as upstream has it now, or as it was if that is allowed."""
        customer_id, why = request.found_id, _why(copied=copy is not None, wishes=wishes)
        reply = await self.refresh(store, request, customer_id)
        if isinstance(reply, Reply) and reply.status == NOT_FOUND:
            told = _told(forwarded(why, NOT_FOUND))
            return refusal(request, NotFound(), told)
        if isinstance(reply, Reply) and reply.status == OK:
            fresh = await self._copy(store, customer_id)
            if fresh is not None:
                status = forwarded(why, OK, stored=True)
                return self._shown(request, fresh, fields, status)
        if copy is not None and _is_stale_taken(reply, copy.age, wishes):
            return self._shown(request, copy, fields, _stale(reply, why, wishes, copy.age))
        return _failed(request, reply, why)

    async def _copy(self, store: MirrorStore, customer_id: int) -> Copy | None:
        """Return the copy of a customer, or None. Raises: NotFound for an erased person."""
        row = await self._mirror.row(store.store_id, customer_id)
        if row is None:
            return None
        if row.state == "erased":
            raise NotFound
        return Copy(row, age_of(row.confirmed_at, self._clock()))

    def _shown(self, request: Request, copy: Copy, fields: frozenset[str], status: str) -> Response:
        """Return the answer that a copy gives: a customer, or the 404 of a tombstone."""
        told = freshness(copy.row.confirmed_at, self._clock(), status)
        body = _body(copy.row, fields)
        if body is None:
            request.viewed = None
            return refusal(request, NotFound(), told)
        return tagged(request, bodies.details(body), JSON, told)


def _body(row: MirrorRow | None, fields: frozenset[str]) -> bytes | None:
    """Return the JSON object of a customer who lives, cut to what was asked for."""
    if row is None or row.state != "live" or row.body is None:
        return None
    return bodies.cut(row.body, fields)


def _probed(store: MirrorStore) -> int:
    """Return when upstream told last how many customers there are, or when the store was linked."""
    return store.linked_at if store.total_at is None else store.total_at


def _why(*, copied: bool, wishes: Wishes) -> str:
    """Return why a request goes on to upstream, in the words of RFC 9211 §2.2."""
    if not copied:
        return "uri-miss"
    return "request" if wishes.no_cache else "stale"


def _is_stale_taken(reply: Reply | NoAnswer, age: float, wishes: Wishes) -> bool:
    """Return whether an older copy is the answer: always without budget, else if asked for."""
    if isinstance(reply, NoAnswer) and not reply.has_budget:
        return True
    return may_be_stale(age, wishes)


def _stale(reply: Reply | NoAnswer, why: str, wishes: Wishes, age: float) -> str:
    """Return `Cache-Status` of a copy that is older than the client asked for."""
    if isinstance(reply, NoAnswer):
        return hit(lifetime(wishes), age, reply.why)
    return forwarded(why, reply.status, detail="stale-if-error")


def _failed(request: Request, reply: Reply | NoAnswer, why: str) -> Response:
    if isinstance(reply, NoAnswer):
        return unavailable(request, reply, forwarded(why, None, detail=reply.why))
    missing = NoAnswer("status", LATER)
    return unavailable(request, missing, forwarded(why, reply.status))


def _told(status: str) -> Headers:
    return [(b"cache-status", status.encode("ascii"))]
