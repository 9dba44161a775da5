"""Authorization of requests: the token, then the limits, then the scopes."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from sijill.errors import InvalidToken, MissingScope, TooManyRequests, Unavailable
from sijill.http.forwarded import Networks, client_address, is_trusted
from sijill.http.request import Request
from sijill.http.router import Route
from sijill.limits.policy import Policy
from sijill.limits.tally import Tally
from sijill.limits.window import UNCOUNTED, CounterAway, Counters, Decision, Rule, Verdict
from sijill.oauth.bearer import GrantCache, MissingToken
from sijill.oauth.scopes import satisfies
from sijill.oauth.tokens import Grant
from sijill.telemetry.metrics import Metrics

CAPACITY = 10_000
"""Sets of rules in memory at most."""


class Place(NamedTuple):
    """A place among the attempts that limits allow, as it was taken."""

    rules: Sequence[Rule]
    taken: Decision


class Admission:
    """Authorizes requests, and counts wrong tokens, client secrets and passwords."""

    def __init__(
        self,
        bearers: GrantCache,
        counters: Counters,
        policy: Policy,
        proxies: Networks,
        metrics: Metrics,
        clock: Callable[[], float],
        on_unnamed_proxy: Callable[[float], None] = lambda now: None,
    ) -> None:
        self.bearers = bearers
        """The memory of grants, one for the process."""
        self.counters = counters
        self.policy = policy
        self.tally = Tally()
        """What passed and what was refused, by app; its writer takes it."""
        self._proxies = proxies
        self._metrics = metrics
        self._clock = clock
        self._on_unnamed_proxy = on_unnamed_proxy
        """Called with the time of a request that a proxy seems to pass on which nobody named."""
        self._rules = lru_cache(CAPACITY)(policy.rules)
        """A cache of a pure function: an app with a new plan or store gets other rules at once."""
        self._counts_addresses = policy.customers_key == "ip"

    async def authorize(self, request: Request, route: Route) -> Grant:
        """
        Return the grant of a request, and store the limiter's numbers in `request.verdict`.

        Raises, in this order: InvalidToken, or TooManyRequests after too many invalid tokens;
        TooManyRequests; MissingScope; Unavailable while the database or a required counter is away.
        """
        now = self._clock()
        address = self.address_of(request)
        try:
            grant = await self.bearers.grant(request.header(b"authorization"), now)
        except MissingToken:
            raise
        except InvalidToken:
            await self._count("failed_tokens", self.policy.failed_token_rules(address), now)
            raise
        counted = address if self._counts_addresses else ""
        store = grant.store
        rules = self._rules(store.id, grant.app_id, store.plan, counted, route.customers)
        try:
            verdict = await self._count("requests", rules, now, request)
        except TooManyRequests:
            self._note(grant, route, now, passed=False)
            raise
        self._note(grant, route, now, passed=True)
        request.verdict = None if verdict is UNCOUNTED else verdict
        for scope in route.scopes or ():
            if not satisfies(grant.scopes, scope):
                raise MissingScope(scope)
        return grant

    def _note(self, grant: Grant, route: Route, now: float, *, passed: bool) -> None:
        app = (grant.store.id, grant.app_id)
        self.tally.count(*app, now, customers=route.customers, passed=passed)

    async def count_failure(self, request: Request) -> None:
        """
        Count a wrong secret against the client's address; the 429 has no limit headers.

        Raises: TooManyRequests; Unavailable while a required counter is away.
        """
        rules = self.policy.failed_token_rules(self.address_of(request))
        await self._count("failed_tokens", rules, self._clock())

    async def take_login(
        self, account: str, request: Request, device: str | None = None
    ) -> Place | None:
        """
        Take a place for an attempt to sign in, before the password is checked.

        `device` names one that signed in to the account before. None if sign-ins are not limited.
        Raises: TooManyRequests; Unavailable.
        """
        rules = self.policy.login_rules(account, self.address_of(request), device)
        if not rules:
            return None
        try:
            taken = await self.counters.take(rules, self._clock())
        except CounterAway as away:
            raise Unavailable from away
        self._refuse("logins", taken.verdict)
        return Place(rules, taken)

    async def give_back(self, place: Place | None) -> None:
        """Give back the place of an attempt that guessed at nothing."""
        if place is not None:
            await self.counters.give_back(place.rules, place.taken)

    def address_of(self, request: Request) -> str:
        """Return the address that limits count, from every line of X-Forwarded-For."""
        lines = request.header(b"x-forwarded-for")
        if lines and not is_trusted(request.peer, self._proxies):
            self._on_unnamed_proxy(self._clock())
        return client_address(request.peer, lines, self._proxies)

    async def _count(
        self, limiter: str, rules: Sequence[Rule], now: float, request: Request | None = None
    ) -> Verdict | None:
        """Count a hit of the rules. Raises: as `_refuse`; Unavailable."""
        if not rules:
            return None
        try:
            verdict = await self.counters.hit(rules, now)
        except CounterAway as away:
            raise Unavailable from away
        self._refuse(limiter, verdict, request)
        return verdict

    def _refuse(self, limiter: str, verdict: Verdict, request: Request | None = None) -> None:
        """Raise TooManyRequests for a refusal; that of `request` stores its verdict there."""
        if verdict.admitted:
            return
        if request is not None:
            request.verdict = verdict
        self._metrics.refused(limiter)
        raise TooManyRequests(verdict.wait)
