"""Admission: token, then limits, then scope. A request that passes has its grant."""

from collections.abc import Sequence

from sijill.errors import InvalidToken, MissingScope, TooManyRequests, Unavailable
from sijill.http.forwarded import client_address
from sijill.http.parts import Parts
from sijill.http.request import Request
from sijill.http.router import Route
from sijill.limits.window import UNCOUNTED, CounterAway, Rule, Verdict
from sijill.oauth.bearer import MissingToken
from sijill.oauth.scopes import satisfies


async def admit(request: Request, route: Route, parts: Parts) -> None:
    """
    Let a request in, leaving its grant and the limiter's numbers with it.

    Raises, in this order: InvalidToken (or TooManyRequests for too many of them), TooManyRequests,
    MissingScope; Unavailable if the database or a counter that must be asked is away.
    """
    now = parts.clock()
    address = address_of(request, parts)
    try:
        grant = await parts.bearers.grant(request.header(b"authorization"), now)
    except MissingToken:
        raise
    except InvalidToken:
        await count_failure(address, parts, now)
        raise
    request.grant = grant
    rules = parts.policy.rules(
        store_id=grant.store.id,
        app_id=grant.app_id,
        plan=grant.store.plan,
        address=address,
        customers=route.customers,
    )
    if rules:
        verdict = await _hit(rules, parts, now)
        request.verdict = None if verdict is UNCOUNTED else verdict
        if not verdict.admitted:
            parts.gauges.refused("requests")
            raise TooManyRequests(verdict.wait)
    if route.scope is not None and not satisfies(grant.scopes, route.scope):
        raise MissingScope(route.scope)


async def count_failure(address: str, parts: Parts, now: float) -> None:
    """
    Count a guess against the client's address; its 429 carries no numbers of any limiter.

    Raises: TooManyRequests; Unavailable if the counter that must be asked is away.
    """
    rules = parts.policy.failed_token_rules(address)
    if not rules:
        return
    verdict = await _hit(rules, parts, now)
    if not verdict.admitted:
        parts.gauges.refused("failed_tokens")
        raise TooManyRequests(verdict.wait)


async def count_login(account: str, address: str, parts: Parts, now: float) -> None:
    """
    Count an attempt to sign in, before it is known whether it succeeds.

    Raises: as `count_failure`.
    """
    rules = parts.policy.login_rules(account, address)
    if not rules:
        return
    verdict = await _hit(rules, parts, now)
    if not verdict.admitted:
        parts.gauges.refused("logins")
        raise TooManyRequests(verdict.wait)


async def _hit(rules: Sequence[Rule], parts: Parts, now: float) -> Verdict:
    try:
        return await parts.counters.hit(rules, now)
    except CounterAway as away:
        raise Unavailable from away


def address_of(request: Request, parts: Parts) -> str:
    """
    Return the address a request is counted under.

    Every X-Forwarded-For line counts, which is why the headers' last-one-wins does not do.
    """
    if not parts.proxies:
        return request.peer
    lines = [value for name, value in request.scope["headers"] if name == b"x-forwarded-for"]
    return client_address(request.peer, lines, parts.proxies)
