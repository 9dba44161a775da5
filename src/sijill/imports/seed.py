"""Made-up customers of a Saudi store, for trials and measurements; the same each time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count as count_up
from itertools import islice
from math import gcd
from pathlib import Path
from random import Random
from typing import NamedTuple

from msgspec import Struct, json
from msgspec.structs import replace

from sijill.customers.model import Customer, Edit, Extras, blank
from sijill.customers.table import CustomerTable

MOST = 10_000_000
"""Made-up customers at most, each with a mobile that no other has."""

_PRIME = 2**31 - 1
_DEMO_IDS = (
    2075683582,
    2075683581,
)  # the customer of the demo store, and a misprint of the id on Salla's page
_DAY = 86_400
_YEARS = 3 * 365 * _DAY  # seconds over which customers came
_ADULT = date(1955, 1, 1)
_BIRTHDAYS = 365 * 50


Name = tuple[str, str]
"""A name in Arabic and in Latin letters."""


class Land(Struct, frozen=True):
    """
    A country of the Gulf: its names and cities, and the shape of its mobiles.

    A mobile is one of `prefixes` and `digits` more; `share` is per hundred customers.
    """

    code: str
    names: Name
    currency: str
    calling_code: str
    prefixes: tuple[str, ...]
    digits: int
    share: int
    cities: tuple[Name, ...]


class People(Struct, frozen=True):
    """
    The names and places of made-up customers.

    Source of the mobiles: the numbering plan of each country in libphonenumber. Nobody can register
    the hosts of the e-mails: RFC 2606 §3.
    """

    men: tuple[Name, ...]
    women: tuple[Name, ...]
    families: tuple[Name, ...]
    lands: tuple[Land, ...]
    districts: tuple[Name, ...]
    mail_hosts: tuple[str, ...]


@cache
def load_people() -> People:
    """Return the names and places of people.json."""
    return json.decode(Path(__file__).with_name("people.json").read_bytes(), type=People)


class Seeded(NamedTuple):
    """The number of customers that were written, and of those that existed already."""

    created: int
    present: int


async def seed_customers(
    customers: CustomerTable,
    store_id: int,
    count: int,
    seed: int,
    now: datetime,
    on_progress: Callable[[int], None] = lambda done: None,
    *,
    batch: int = 1_000,
) -> Seeded:
    """
    Write `count` made-up customers to a store, `batch` in one transaction.

    An existing customer with the same id, mobile or e-mail stays unchanged, so an interrupted
    seeding can be repeated. `on_progress` gets the number of customers done so far.
    Raises: ValueError if `count` is out of range; Unavailable if the database is away.
    """
    made_up = seeded(count, seed, now)
    created = done = 0
    while some := list(islice(made_up, batch)):
        outcomes = await customers.change(store_id, [_as_new(customer) for customer in some])
        created += sum(outcome.created for outcome in outcomes)
        done += len(some)
        on_progress(done)
    return Seeded(created, done - created)


def _as_new(customer: Customer) -> Edit:
    return Edit(None, lambda _: customer)


def seeded(count: int, seed: int, now: datetime) -> Iterator[Customer]:
    """
    Yield `count` made-up customers; a larger count begins with the same ones.

    Shape: Customer with extras, without groups. Ids, mobiles and e-mails are unique. About 60 in a
    hundred names are Arabic, the others Latin. `created_at` lies within the three years before
    `now` (aware), in no order.
    Raises: ValueError if `count` is not between 0 and MOST.
    """
    if not 0 <= count <= MOST:
        raise ValueError(f"count is between 0 and {MOST}")
    return islice(_people(seed, now.astimezone(UTC)), count)


def _people(seed: int, now: datetime) -> Iterator[Customer]:
    rng = Random(seed)  # noqa: S311 - made-up people need no secrecy
    ids = _ids(rng.randrange(_PRIME), rng.randrange(_PRIME))
    lands, draw = load_people().lands, rng.random
    mobiles = [_mobiles(land, draw()) for land in lands]
    shares = [index for index, land in enumerate(lands) for _ in range(land.share)]
    while True:
        index = shares[int(draw() * 100)]
        yield _person(next(ids), lands[index], next(mobiles[index]), now, draw)


def _person(
    customer_id: int, land: Land, mobile: int, now: datetime, draw: Callable[[], float]
) -> Customer:
    script = draw() >= 0.6  # 0 is Arabic, 1 is Latin
    woman = draw() < 0.5
    stock = load_people()
    first = _one_of(stock.women if woman else stock.men, draw)
    family = _one_of(stock.families, draw)
    age = draw()
    created = now - timedelta(seconds=int(age * _YEARS) + 1)
    seen = now - timedelta(seconds=int(age * draw() * _YEARS))
    return replace(
        blank(customer_id, created),
        first_name=first[script],
        last_name=family[script],
        mobile=mobile,
        mobile_code=land.calling_code,
        email=f"{first[1]}.{family[1]}.{customer_id}@{stock.mail_hosts[customer_id % 3]}".lower(),
        gender="female" if woman else "male",
        birthday=_ADULT + timedelta(days=int(draw() * _BIRTHDAYS)) if draw() < 0.8 else None,
        city=_one_of(land.cities, draw)[script],
        country=land.names[script],
        country_code=land.code,
        currency=land.currency,
        location=_one_of(stock.districts, draw)[script] if draw() < 0.3 else "",
        lang="en" if script else "ar",
        updated_at=seen,
        extras=_orders(created, seen, draw),
    )


def _one_of(names: Sequence[Name], draw: Callable[[], float]) -> Name:
    return names[int(draw() * len(names))]


def _orders(created: datetime, seen: datetime, draw: Callable[[], float]) -> Extras:
    """Return the numbers of a customer's orders: two in five have no orders, most have a few."""
    if draw() < 0.4:
        return _NO_ORDERS
    orders = 1 + int(40 * draw() ** 3)
    amount = round(orders * (40 + draw() * 460), 2)
    cancelled = int(orders * draw() * 0.4)
    return Extras(
        orders_count=orders,
        orders_amount=amount,
        orders_average=round(amount / orders, 2),
        orders_complete_ratio=round(100 * (orders - cancelled) / orders, 2),
        orders_cancel_ratio=round(100 * cancelled / orders, 2),
        orders_cancel=cancelled,
        latest_purchase=created + (seen - created) * draw(),
        total_points=int(amount / 10),
        wallet_balance=round(draw() * 50, 2) if draw() < 0.1 else 0.0,
        is_orders_rated=draw() < 0.3,
    )


_NO_ORDERS = Extras()


def _ids(first: int, second: int) -> Iterator[int]:
    """
    Yield unique ids of 31 bits in no visible order: 0, 1, 2… through two permutations.

    Squares modulo a prime that is 3 modulo 4 permute its residues. An offset before each of two
    rounds hides the pattern of one round.
    """
    for index in count_up():
        scrambled = _permuted((_permuted((index + first) % _PRIME) + second) % _PRIME)
        if scrambled + 1 not in _DEMO_IDS:
            yield scrambled + 1


def _permuted(number: int) -> int:
    square = number * number % _PRIME
    return square if 2 * number <= _PRIME else _PRIME - square


def _mobiles(land: Land, start: float) -> Iterator[int]:
    """Yield unique mobiles of a country, in great strides over its numbers."""
    rest = 9 * 10 ** (land.digits - 1)  # without the last tenth: nobody has 5799…
    numbers = rest * len(land.prefixes)
    stride = next(s for s in count_up(int(numbers * 0.6180339887)) if gcd(s, numbers) == 1)
    for index in count_up():
        place = (int(start * numbers) + index * stride) % numbers
        yield int(land.prefixes[place // rest]) * 10**land.digits + place % rest
