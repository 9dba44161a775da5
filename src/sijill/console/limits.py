"""The limits of a store: how much of each is used now and was used lately, and by which app."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sijill.console.answers import show
from sijill.console.chart import Chart, chart
from sijill.console.desk import Desk
from sijill.console.formats import Moment, moment
from sijill.console.usage import PERIODS, beginning, by_app, of_app, totals
from sijill.console.words import words
from sijill.errors import Unavailable
from sijill.http.query import parse_id, parse_query
from sijill.http.request import Request, Response, chosen_language
from sijill.limits.policy import Budget, Quota
from sijill.limits.usage import KEPT, Part
from sijill.limits.window import CounterAway, Rule
from sijill.localized import Language
from sijill.oauth.visits import Visit

PLACE = "nav_limits"

MOST = 12
"""Apps that the page shows at most: those with the most requests, then those with tokens."""

UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))
"""Seconds of a unit, and its name; the largest that divides a period names it."""


class Standing(NamedTuple):
    """How much of one limit is used now."""

    budget: Budget
    app: str | None
    """The name of the app; None for a limit of the whole store."""
    used: int
    limit: int
    period: str
    end: Moment | None
    """When the window ends; None where none is open."""
    overflows: bool
    """Whether some requests pass each second once it is spent."""

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left of it."""
        return self.used >= self.limit


class Asked(NamedTuple):
    """What the picture is asked to show."""

    customers: bool
    app: int | None
    period: str


@dataclass(frozen=True)
class LimitsPage:
    """Answers with the limits of a store. A look at them counts nothing."""

    desk: Desk

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the page. Raises: Unavailable."""
        with suppress(Unavailable):
            await self.desk.limiter.write_usage()
        language, usage = chosen_language(request), self.desk.register.usage
        apps = await self._apps(visit)
        asked = asked_of(dict(parse_query(request.query)), apps)
        period = PERIODS[asked.period]
        begin = beginning(self.desk.now(), period)
        parts = await usage.parts(visit.store.id, begin, period.step, customers=asked.customers)
        first = await usage.first(visit.store.id)
        limiter = self.desk.limiter
        return show(
            visit,
            "limits.html",
            PLACE,
            standings=await self._standings(visit, apps, language),
            away=self.desk.settings.on_counter_error,
            by_address=limiter.policy.customers_key == "ip",
            asked=asked,
            apps=apps,
            periods=PERIODS,
            picture=self._picture(visit, asked, parts, apps, language),
            totals=totals(parts, apps),
            first=None if first is None else moment(first, visit.store.timezone),
            kept_days=KEPT.days,
            others=self._of_addresses(language),
        )

    async def _apps(self, visit: Visit) -> dict[int, str]:
        """Return the names of the apps that the page shows, by id."""
        register, store_id = self.desk.register, visit.store.id
        names, now = await register.apps.names(), self.desk.now()
        used = await register.usage.apps(store_id)
        found = dict.fromkeys([*used, *await register.tokens.apps(store_id, now)])
        return {id_: names.get(id_, "") for id_ in [*found][:MOST]}

    async def _standings(
        self, visit: Visit, apps: Mapping[int, str], language: Language
    ) -> list[Standing] | None:
        """Return how much of each limit is used; None while the counter does not answer."""
        limiter, store = self.desk.limiter, visit.store
        rules: dict[Rule, tuple[Budget, str | None]] = {}
        for id_, name in apps.items():
            for budget, rule in limiter.policy.budgets(store.id, id_, store.plan).items():
                rules[rule] = (budget, None if limiter.policy.is_shared(budget) else name)
        now = self.desk.now().timestamp()
        try:
            counts = await limiter.counters.look([*rules], now)
        except CounterAway:
            return None
        return [
            Standing(
                budget=budget,
                app=app,
                used=count.used,
                limit=rule.limit,
                period=period_words(rule.period, language),
                end=_moment_of(count.end, store.timezone) if count.end else None,
                overflows=rule.overflow > 0,
            )
            for (rule, (budget, app)), count in zip(rules.items(), counts, strict=True)
        ]

    def _picture(
        self,
        visit: Visit,
        asked: Asked,
        parts: Sequence[Part],
        apps: Mapping[int, str],
        language: Language,
    ) -> Chart:
        period, word = PERIODS[asked.period], words(language)
        labels = period.labels(beginning(self.desk.now(), period), visit.store.timezone)
        if asked.app is None:
            series = by_app(parts, apps, period.columns, word["limits_other_apps"])
        else:
            series = of_app(parts, asked.app, period.columns, word)
        unit = word["limits_unit"].format(period_words(period.step.total_seconds(), language))
        return chart(unit, labels, series, self._line(asked))

    def _line(self, asked: Asked) -> int | None:
        """Return the limit that a column of the picture is to be compared with, if there is one."""
        policy = self.desk.limiter.policy
        quota = policy.customers if asked.customers else None
        if quota is None or quota.period != PERIODS[asked.period].step.total_seconds():
            return None
        key = "store" if asked.app is None else "token"
        return quota.limit if policy.customers_key == key else None

    def _of_addresses(self, language: Language) -> list[tuple[str, int, str]]:
        """Return the word, the number and the period of each limit that no app has."""
        policy = self.desk.limiter.policy
        rows: list[tuple[str, Quota | None]] = [
            ("limits_failed", policy.failed_tokens),
            ("limits_logins", policy.logins),
        ]
        return [
            (word, quota.limit, period_words(quota.period, language))
            for word, quota in rows
            if quota is not None
        ]


def asked_of(query: Mapping[str, str], apps: Mapping[int, str]) -> Asked:
    """
    Return what a query asks for; an app or a period that is not there is no choice.

    The only app of a store is always chosen.
    """
    app = next(iter(apps)) if len(apps) == 1 else parse_id(query.get("app", ""))
    return Asked(
        customers=query.get("kind") != "others",
        app=app if app in apps else None,
        period=query["period"] if query.get("period") in PERIODS else "6h",
    )


def period_words(seconds: float, language: Language) -> str:
    """Return a period in words: `10 min`."""
    whole = int(seconds)
    size, unit = next(one for one in UNITS if whole % one[0] == 0)
    count, word = whole // size, words(language)
    return word[f"limits_span_{unit}_{_form(count)}"].format(count)


def _form(count: int) -> str:
    """Return the form of an Arabic noun that a number counts. Source: CLDR, plural rules of ar."""
    if count in (1, 2):
        return "one" if count == 1 else "two"
    return "few" if 3 <= count % 100 <= 10 else "many"


def _moment_of(seconds: float, timezone: str) -> Moment:
    return moment(datetime.fromtimestamp(seconds, UTC), timezone)
