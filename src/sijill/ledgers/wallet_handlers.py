"""Deposit to a wallet, withdraw from it."""

from sijill.errors import Invalid, NotFound, WalletForbidden
from sijill.http.envelope import success
from sijill.http.idempotency import once_of, replayed
from sijill.http.parts import Parts
from sijill.http.request import Request, Response, json_response
from sijill.http.writes import fields_of, now_of
from sijill.ledgers.wallets import Movement
from sijill.ledgers.wallets_wire import body, read_movement


async def deposit(request: Request, parts: Parts) -> Response:
    """
    Add an amount to a customer's wallet.

    Raises: WalletForbidden; BadRequest; Invalid.
    Source: Salla "Deposit to Wallet", POST /customers/wallets/deposit.
    """
    return await _move(request, parts, 1)


async def withdraw(request: Request, parts: Parts) -> Response:
    """
    Take an amount out of a customer's wallet, if it holds as much.

    Raises: WalletForbidden; BadRequest; Invalid.
    Source: Salla "Withdraw from Wallet", POST /customers/wallets/withdraw.
    """
    return await _move(request, parts, -1)


async def _move(request: Request, parts: Parts, sign: int) -> Response:
    """A customer the store does not have is a faulty field: the body names it, not the path."""
    if not request.grant.wallets:
        raise WalletForbidden
    store, now = request.grant.store, now_of(parts)
    fields = await fields_of(request)
    customer_id, amount = read_movement(fields, store.currency)
    movement = Movement(customer_id, sign * amount, request.grant.app_id, now)
    try:
        entry = await parts.wallets.move(store, movement, once=once_of(request, fields, now))
    except NotFound:
        raise Invalid({"customer_id": ["invalid"]}) from None
    answer = json_response(success(body(entry, store)))
    return replayed(answer) if entry.replayed else answer
