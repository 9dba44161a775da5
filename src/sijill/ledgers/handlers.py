"""Wallets and loyalty points over HTTP: move money, list points, change points."""

from collections.abc import Callable
from datetime import datetime

from sijill.audit.actions import VIEW
from sijill.errors import Invalid, NotFound, WalletForbidden
from sijill.http.caching import tagged
from sijill.http.envelope import listing, success
from sijill.http.idempotency import idempotency_key_of, replayed
from sijill.http.paging import pagination_for
from sijill.http.query import parse_customer_id, parse_paging, parse_query
from sijill.http.request import Request, Response, json_response
from sijill.http.sentences import POINTS_UPDATED
from sijill.ledgers.fields import read_change, read_movement, refusal_of
from sijill.ledgers.model import Movement, PointsRefused
from sijill.ledgers.table import LoyaltyTable, WalletTable
from sijill.ledgers.wire import PointsChangedAnswer, movement_answer, points_line
from sijill.oauth.acting import cause_of
from sijill.oauth.tokens import Grant
from sijill.stores.profiles import no_links

PER_PAGE = 30
"""Lines of a ledger on a page. Source: Salla's sample."""


class LedgerHandlers:
    """Answers requests about wallets and loyalty points."""

    def __init__(
        self,
        wallets: WalletTable,
        loyalty: LoyaltyTable,
        now: Callable[[], datetime],
        public_url: Callable[[], str],
    ) -> None:
        self._wallets, self._loyalty = wallets, loyalty
        self._now, self._public_url = now, public_url

    async def deposit(self, request: Request, grant: Grant) -> Response:
        """
        Add an amount to a customer's wallet.

        Raises: WalletForbidden; BadRequest; Invalid.
        Source: Salla "Deposit to Wallet", POST /customers/wallets/deposit.
        """
        return await self._move(request, grant, 1)

    async def withdraw(self, request: Request, grant: Grant) -> Response:
        """
        Withdraw an amount from a customer's wallet, if the balance suffices.

        Raises: WalletForbidden; BadRequest; Invalid.
        Source: Salla "Withdraw from Wallet", POST /customers/wallets/withdraw.
        """
        return await self._move(request, grant, -1)

    async def _move(self, request: Request, grant: Grant, sign: int) -> Response:
        """Move money. An unknown customer is a faulty field, as the body names the customer."""
        if not grant.wallets:
            raise WalletForbidden
        store, now = grant.store, self._now()
        fields = await request.fields()
        customer_id, amount = read_movement(fields, store.currency)
        key = idempotency_key_of(request, fields, now, grant.app_id)
        movement = Movement(customer_id, sign * amount, grant.app_id, now)
        try:
            wallets = self._wallets.by(cause_of(request, grant))
            entry = await wallets.move(store, movement, key=key)
        except NotFound:
            raise Invalid({"customer_id": ["invalid"]}) from None
        if entry.replayed:  # no entry of a change tells that the answer shows the balance
            request.viewed = VIEW, (customer_id,)
        answer = json_response(success(movement_answer(entry, store)))
        return replayed(answer) if entry.replayed else answer

    async def list_points(self, request: Request, grant: Grant) -> Response:
        """
        Answer with a page of a customer's ledger, newest first; past the end it is empty.

        Raises: Invalid if `customer_id` is missing, or names no customer of the store.
        Source: Salla "Customer Loyalty Points", GET /customers/loyalty/points.
        """
        store = grant.store
        pairs = parse_query(request.query)
        customer_id, paging = parse_customer_id(pairs), parse_paging(pairs, PER_PAGE)
        try:
            page = await self._loyalty.page(
                store.id, customer_id, offset=paging.offset, limit=paging.per_page
            )
        except NotFound:
            raise Invalid({"customer_id": ["invalid"]}) from None
        pagination = pagination_for(
            *(request, self._public_url(), pairs, paging),
            count=len(page.entries),
            total=page.total,
            no_links=no_links(store),
        )
        request.viewed = VIEW, (customer_id,)
        lines = [points_line(entry, store) for entry in page.entries]
        return tagged(request, listing(lines, pagination))

    async def change_points(self, request: Request, grant: Grant) -> Response:
        """
        Give, take or reset points, for all the customers or for no customer.

        Raises: BadRequest; Invalid naming each customer who is unknown or has too few points.
        Source: Salla "Update Customer Loyalty Points", POST /customers/loyalty/points.
        """
        now = self._now()
        fields = await request.fields()
        change, customers = read_change(fields, grant.app_id, now)
        key = idempotency_key_of(request, fields, now, grant.app_id)
        try:
            loyalty = self._loyalty.by(cause_of(request, grant))
            again = await loyalty.change(grant.store.id, change, customers, key=key)
        except PointsRefused as refused:
            raise refusal_of(refused, customers) from None
        data = PointsChangedAnswer(201, POINTS_UPDATED[request.language])
        answer = json_response(success(data, 201), 201)
        return replayed(answer) if again else answer
