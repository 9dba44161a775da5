"""Customers over HTTP: read, list, create, update, delete, ban."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TypeVar

from msgspec.structs import replace

from sijill.audit.actions import VIEW
from sijill.customers.bans import banned, read_reason, unbanned
from sijill.customers.blacklist import BANNED, UNBANNED
from sijill.customers.model import Customer, Edit, EditOutcome
from sijill.customers.query import parse_dates, parse_keyword
from sijill.customers.reading import changed, read_customer
from sijill.customers.table import CustomerTable
from sijill.customers.wire import EXTRAS, LIST_EXTRAS, CustomerAnswer, body, body_of_row
from sijill.database.idempotency_keys import IdempotencyKey
from sijill.errors import Fault, Invalid, NotFound, PreconditionFailed, Taken
from sijill.groups.model import DEFAULT_GROUP
from sijill.http.caching import entity_tag, matches, tagged, with_tag
from sijill.http.envelope import listing, success
from sijill.http.idempotency import idempotency_key_of
from sijill.http.paging import pagination_for
from sijill.http.query import parse_fields, parse_paging, parse_query
from sijill.http.request import Request, Response, json_response
from sijill.http.sentences import DELETED
from sijill.oauth.acting import cause_of
from sijill.oauth.tokens import Grant
from sijill.stores.profiles import no_links
from sijill.values.dates import zone


def _check_if_match(request: Request, answer: Callable[[], CustomerAnswer]) -> None:
    """
    Raise PreconditionFailed unless `If-Match` is absent, is `*`, or names the customer's tag.

    The tag is that of Customer Details without `fields[]`. Source: RFC 9110 §13.1.1.
    """
    tags = request.header(b"if-match")
    if tags is not None and not matches(tags, entity_tag(success(answer()))):
        raise PreconditionFailed


T = TypeVar("T")

_NAMED = {"mobile", "email"}
"""Unique fields that a body writes; any other conflict is one of ids."""


class CustomerHandlers:
    """Answers requests about customers."""

    def __init__(
        self,
        customers: CustomerTable,
        now: Callable[[], datetime],
        public_url: Callable[[], str],
    ) -> None:
        self._customers, self._now, self._public_url = customers, now, public_url

    async def details(self, request: Request, grant: Grant) -> Response:
        """
        Answer with one customer of the token's store.

        Raises: NotFound for an id that is malformed, unknown, or another store's: all alike;
        PreconditionFailed for an `If-Match` that does not hold.
        Source: Salla "Customer Details", GET /customers/{customer}.
        """
        customer_id = request.found_id
        fields = parse_fields(parse_query(request.query), EXTRAS) if request.query else frozenset()
        store = grant.store
        row = await self._customers.row(store.id, customer_id, extras=bool(fields))
        _check_if_match(request, lambda: body_of_row(row, store))
        request.viewed = VIEW, (customer_id,)
        return tagged(request, success(body_of_row(row, store, fields)))

    async def list_customers(self, request: Request, grant: Grant) -> Response:
        """
        Answer with a page of the store's customers, newest first; past the end it is empty.

        Raises: Invalid for a malformed `date_from` or `date_to`.
        Source: Salla "List Customers", GET /customers.
        """
        store = grant.store
        pairs = parse_query(request.query)
        fields = parse_fields(pairs, LIST_EXTRAS)
        paging = parse_paging(pairs)
        filters = replace(parse_dates(pairs, store.timezone), terms=parse_keyword(pairs))
        page = await self._customers.page(
            store.id, filters, offset=paging.offset, limit=paging.per_page, extras=bool(fields)
        )
        pagination = pagination_for(
            *(request, self._public_url(), pairs, paging),
            count=len(page.rows),
            total=page.total,
            no_links=no_links(store),
        )
        if page.rows:
            request.viewed = VIEW, [row[0] for row in page.rows]
        data = [body_of_row(row, store, fields) for row in page.rows]
        return tagged(request, listing(data, pagination))

    async def create(self, request: Request, grant: Grant) -> Response:
        """
        Make a customer and answer with it; without `groups` it joins the default group.

        Raises: BadRequest; Invalid naming every faulty field, a taken mobile or e-mail among them.
        Source: Salla "Create Customer", POST /customers.
        """
        fields, now = await request.fields(), self._now()
        reading = read_customer(fields, new=True, today=_today(now, grant))
        reading.check(None)
        values = reading.values
        key = idempotency_key_of(request, fields, now, grant.app_id)
        groups = values.get("groups", DEFAULT_GROUP)
        edit = Edit(None, lambda _: changed(None, values, now), groups)
        return await self._write(request, grant, edit, key)

    async def update(self, request: Request, grant: Grant) -> Response:
        """
        Change the fields that the body names, and answer with the customer.

        Raises: NotFound; PreconditionFailed; BadRequest; Invalid as for create.
        Source: Salla "Update Customer", PUT /customers/{customer}.
        """
        now = self._now()
        fields = await self._read(request, grant, lambda _: request.fields())
        reading = read_customer(fields, new=False, today=_today(now, grant))
        values = reading.values

        def changes(old: Customer) -> Customer:
            reading.check(old)
            return changed(old, values, now)

        decide = _guarded(request, grant, changes)
        if reading.faults:  # nothing will be written: no writer has to wait for this request
            decide(await self._customers.find(grant.store.id, request.found_id))
        edit = Edit(request.found_id, decide, values.get("groups"))
        return await self._write(request, grant, edit)

    async def delete(self, request: Request, grant: Grant) -> Response:
        """
        Delete a customer; its id is never given again.

        Raises: NotFound; PreconditionFailed. Source: Salla "Delete Customer".
        """
        customer_id, store = request.found_id, grant.store

        def permit(customer: Customer) -> None:
            _check_if_match(request, lambda: body(customer, store))

        customers = self._customers.by(cause_of(request, grant))
        await customers.delete(store.id, customer_id, self._now(), permit)
        return json_response(success([DELETED[request.language]]))

    async def ban(self, request: Request, grant: Grant) -> Response:
        """
        Ban a customer for a reason, or replace the reason of an earlier ban.

        Raises: NotFound; PreconditionFailed; BadRequest; Invalid naming the reason.
        Source: Salla "Ban Customer", PUT /customers/blacklist/{customer}.
        """
        reason, now = await self._read(request, grant, _reason_of), self._now()
        decide = _guarded(request, grant, lambda old: banned(old, reason, now))
        await self._change(request, grant, Edit(request.found_id, decide))
        return json_response(success(BANNED, 201), 201)

    async def unban(self, request: Request, grant: Grant) -> Response:
        """
        End a customer's ban; a customer who is not banned stays as it is, with the same answer.

        Raises: NotFound; PreconditionFailed.
        Source: Salla "Un-Ban Customer", DELETE /customers/blacklist/{customer}.
        """
        now = self._now()
        decide = _guarded(request, grant, lambda old: unbanned(old, now))
        await self._change(request, grant, Edit(request.found_id, decide))
        return json_response(success(UNBANNED, 202), 202)

    async def _change(
        self, request: Request, grant: Grant, edit: Edit, key: IdempotencyKey | None = None
    ) -> EditOutcome:
        """Make one edit, as the app of the token."""
        customers = self._customers.by(cause_of(request, grant))
        (outcome,) = await customers.change(grant.store.id, [edit], key=key)
        return outcome

    async def _write(
        self, request: Request, grant: Grant, edit: Edit, key: IdempotencyKey | None = None
    ) -> Response:
        """Make one edit, and answer with the customer that it wrote."""
        outcome = await self._change(request, grant, edit, key)
        if outcome.refused is not None:
            raise taken(outcome.refused)
        if not outcome.written:  # no entry of a change tells that the answer shows the customer
            request.viewed = VIEW, (outcome.customer.id,)
        return with_tag(success(body(outcome.customer, grant.store)), again=outcome.replayed)

    async def _read(
        self, request: Request, grant: Grant, read: Callable[[Request], Awaitable[T]]
    ) -> T:
        """
        Return the values of the body.

        A faulty body is refused only after the customer was found and `If-Match` holds: the
        contract orders the checks so. Raises: NotFound; PreconditionFailed; any error of `read`.
        """
        customer_id, store = request.found_id, grant.store
        try:
            return await read(request)
        except Fault:
            customer = await self._customers.find(store.id, customer_id)
            _check_if_match(request, lambda: body(customer, store))
            raise


def _guarded(
    request: Request, grant: Grant, decide: Callable[[Customer], Customer]
) -> Callable[[Customer | None], Customer]:
    """Return the decision for a customer that must exist and match `If-Match`."""

    def guarded(old: Customer | None) -> Customer:
        if old is None:
            raise NotFound
        _check_if_match(request, lambda: body(old, grant.store))
        return decide(old)

    return guarded


def _today(now: datetime, grant: Grant) -> date:
    return now.astimezone(zone(grant.store.timezone)).date()


async def _reason_of(request: Request) -> str:
    return read_reason(await request.fields())


def taken(refused: Taken) -> Invalid:
    """Return the refusal of a mobile or an e-mail that another customer has."""
    return Invalid({name if name in _NAMED else "id": ["taken"] for name in refused.fields})
