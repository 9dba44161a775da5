"""Admission: token, then limits, then scopes. A request that passes has its grant."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from sijill.errors import InvalidToken, MissingScope, TooManyRequests, Unavailable
from sijill.http.forwarded import Networks, client_address
from sijill.http.request import Request
from sijill.http.router import Route
from sijill.limits.policy import Policy
from sijill.limits.window import UNCOUNTED, CounterAway, Counters, Rule, Verdict
from sijill.oauth.bearer import GrantCache, MissingToken
from sijill.oauth.scopes import satisfies
from sijill.oauth.tokens import Grant
from sijill.telemetry.metrics import Metrics

CAPACITY = 10_000
"""Sets of rules in memory at most."""


class Admission:
    """Lets requests in, and counts guesses of tokens, client secrets and passwords."""

    def __init__(
        self,
        bearers: GrantCache,
        counters: Counters,
        policy: Policy,
        proxies: Networks,
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        self.bearers = bearers
        """The memory of grants, one for the process."""
        self._counters = counters
        self._policy = policy
        self._proxies = proxies
        self._metrics = metrics
        self._clock = clock
        self._rules = lru_cache(CAPACITY)(policy.rules)
        """Pure, so an app whose plan or store changes meets other rules at once."""
        self._counts_addresses = policy.customers_key == "ip"

    async def authorize(self, request: Request, route: Route) -> Grant:
        """
        Return the grant of a request, leaving the limiter's numbers with the request.

        Raises, in this order: InvalidToken (or TooManyRequests for too many of them),
        TooManyRequests, MissingScope; Unavailable if the database or a counter that must be asked
        is away.
        """
        now = self._clock()
        address = self.address_of(request)
        try:
            grant = await self.bearers.grant(request.header(b"authorization"), now)
        except MissingToken:
            raise
        except InvalidToken:
            await self._count("failed_tokens", self._policy.failed_token_rules(address), now)
            raise
        counted = address if self._counts_addresses else ""
        store = grant.store
        rules = self._rules(store.id, grant.app_id, store.plan, counted, route.customers)
        verdict = await self._count("requests", rules, now, request)
        request.verdict = None if verdict is UNCOUNTED else verdict
        for scope in route.scopes or ():
            if not satisfies(grant.scopes, scope):
                raise MissingScope(scope)
        return grant

    async def count_failure(self, request: Request) -> None:
        """
        Count a wrong secret against the client's address; its 429 carries no limiter's numbers.

        Raises: TooManyRequests; Unavailable if the counter that must be asked is away.
        """
        rules = self._policy.failed_token_rules(self.address_of(request))
        await self._count("failed_tokens", rules, self._clock())

    async def count_login(self, account: str, request: Request) -> None:
        """Count an attempt to sign in, before the password is checked. Raises: TooManyRequests."""
        rules = self._policy.login_rules(account, self.address_of(request))
        await self._count("logins", rules, self._clock())

    def address_of(self, request: Request) -> str:
        """Return the address that limits count, from every line of X-Forwarded-For."""
        lines = request.header(b"x-forwarded-for")
        return client_address(request.peer, lines, self._proxies)

    async def _count(
        self, limiter: str, rules: Sequence[Rule], now: float, request: Request | None = None
    ) -> Verdict | None:
        """Hit the rules; a refusal that belongs to a request leaves its numbers there."""
        if not rules:
            return None
        try:
            verdict = await self._counters.hit(rules, now)
        except CounterAway as away:
            raise Unavailable from away
        if not verdict.admitted:
            if request is not None:
                request.verdict = verdict
            self._metrics.refused(limiter)
            raise TooManyRequests(verdict.wait)
        return verdict
