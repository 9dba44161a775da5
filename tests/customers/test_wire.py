"""Customers in answers, held to a plain writer of the same format."""

import inspect
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import pytest
from fixtures.world import World
from hypothesis import given
from hypothesis import strategies as st

from sijill.customers import wire
from sijill.customers.examples import AHMED
from sijill.customers.fields import EXTRA, OWN
from sijill.customers.model import GENDERS, Customer, Extras
from sijill.customers.row import customer_with_extras, own_columns
from sijill.customers.wire import EXTRAS, body, body_of_row
from sijill.demo import demo_store
from sijill.fields.columns import storer
from sijill.stores.model import Store
from sijill.stores.profiles import PROFILES
from sijill.stores.wire import country_name

pytestmark = pytest.mark.proves(
    "a row is answered, to the byte, as a plain writer of the same format writes "
    "its customer: every text, zone and profile"
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
"""Every control character, every plane: all but what UTF-8 cannot say."""

moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
"""Moments that the fields admit: those with a day in every zone."""

urls = st.sampled_from(["", "https://s.example/{id}", "https://s.example/{id}?of={id}&n={name}"])
codes = st.sampled_from(["", "SA", "YE", "GB", "ZZ"])

stores = st.builds(
    Store,
    id=st.just(1),
    name=st.just("s"),
    profile=st.sampled_from(["documented", "observed"]),
    timezone=st.sampled_from(sorted(available_timezones())),
    locale=st.sampled_from(["ar", "en", "fr", "zz"]),
    currency=st.sampled_from(["SAR", "KWD"]),
    customer_url=urls,
    admin_url=urls | texts,
    avatar_male=st.just("") | texts,
    avatar_female=st.just("") | texts,
)
customers = st.builds(
    Customer,
    id=st.integers(1, 2**53 - 1),
    first_name=texts,
    last_name=texts,
    mobile=st.none() | st.integers(0, 10**15),
    mobile_code=st.sampled_from(["", "966", "1"]),
    email=texts,
    avatar=st.just("") | texts,
    gender=st.sampled_from([None, *GENDERS]),
    birthday=st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
    city=texts,
    country=st.just("") | texts,
    country_code=codes,
    currency=st.sampled_from(["", "USD"]),
    location=st.just("") | texts,
    lang=st.sampled_from(["", "en"]),
    created_at=moments,
    updated_at=moments,
    groups=st.sets(st.integers(1, 2**53 - 1), max_size=4).map(sorted).map(tuple),
    extras=st.builds(Extras, is_blocked=st.booleans(), total_points=st.integers(0, 2**53 - 1)),
)


def moment(at: datetime, store: Store) -> dict[str, Any]:
    wall = at.astimezone(ZoneInfo(store.timezone)).replace(tzinfo=None)
    text = f"{wall.year:04}-{wall:%m-%d %H:%M:%S}.{wall.microsecond:06}"
    return {"date": text, "timezone_type": 3, "timezone": store.timezone}


def plainly(customer: Customer, store: Store) -> dict[str, Any]:
    """Return the documented keys in their order, each said in the plainest way."""
    profile, code = PROFILES[store.profile], customer.country_code
    names = {"first_name": customer.first_name, "last_name": customer.last_name}
    own_avatar = store.avatar_female if customer.gender == "female" else store.avatar_male
    has_code = customer.mobile is not None and customer.mobile_code != ""
    day, midnight = customer.birthday, None
    if day is not None:
        midnight = {
            "date": f"{day.year:04}-{day.month:02}-{day.day:02} 00:00:00.000000",
            "timezone_type": 3,
            "timezone": store.timezone,
        }
    observed = store.profile == "observed"
    full = {"full_name": " ".join(names.values()).strip()} if observed else {}
    lang = {"lang": customer.lang or store.locale} if observed else {}
    created = {"created_at": moment(customer.created_at, store)} if observed else {}
    return {
        "id": customer.id,
        **full,
        **names,
        "mobile": customer.mobile,
        "mobile_code": ("+" if observed else "") + customer.mobile_code if has_code else "",
        "email": customer.email,
        "urls": {
            "customer": str(customer.id).join(store.customer_url.split("{id}")),
            "admin": str(customer.id).join(store.admin_url.split("{id}")),
        },
        "avatar": customer.avatar or own_avatar or profile.avatars[customer.gender or ""],
        "gender": customer.gender,
        "birthday": midnight,
        "city": customer.city,
        "country": customer.country or country_name(code, store.locale),
        "country_code": code if observed else code.lower(),
        "currency": customer.currency or store.currency,
        "location": customer.location or ("" if observed else "null"),
        **lang,
        **created,
        "updated_at": moment(customer.updated_at, store),
        "groups": list(customer.groups),
    }


def stored(customer: Customer, groups: str | None) -> tuple[Any, ...]:
    """Return the row that a read with extras finds."""
    extras = storer(EXTRA)(customer.extras)
    return (*own_columns(customer)[:-1], groups, *extras)


@given(customers, stores, st.randoms())
def test_a_row_is_answered_as_its_customer_is_described(
    customer: Customer, store: Store, random: Any
) -> None:
    ids = [str(number) for number in customer.groups * 2]  # by hand and by conditions
    random.shuffle(ids)
    row = stored(customer, ",".join(ids) or None)
    assert customer_with_extras(row) == customer
    plain = msgspec.json.encode(plainly(customer, store))
    assert msgspec.json.encode(body_of_row(row[: len(OWN)], store)) == plain
    assert msgspec.json.encode(body(customer, store)) == plain


@given(customers, stores, st.sets(st.sampled_from(EXTRAS)))
def test_a_row_is_answered_with_the_fields_of_its_customer(
    customer: Customer, store: Store, fields: set[str]
) -> None:
    row = stored(customer, ",".join(map(str, customer.groups)))
    assert len(row) == len(OWN) + len(EXTRA)
    assert body_of_row(row, store, fields) == body(customer, store, fields)


def changes() -> list[tuple[str, datetime]]:
    """Return the moments around which zones of each kind change their clocks."""
    return [
        ("Asia/Riyadh", datetime(1947, 3, 13, 20, 53, 8, tzinfo=UTC)),  # by 6 minutes, 52 seconds
        ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),  # an hour comes twice
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # by half an hour
        ("Asia/Kathmandu", datetime(1985, 12, 31, 18, 30, tzinfo=UTC)),  # by a quarter
        ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day is left out
        ("Africa/Monrovia", datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)),
        ("Asia/Tehran", datetime(2022, 9, 21, 19, 30, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(("timezone", "at"), changes())
@pytest.mark.parametrize("seconds", [-3600, -1, 0, 1, 1799, 3600])
def test_clocks_that_change_are_followed(timezone: str, at: datetime, seconds: int) -> None:
    store = msgspec.structs.replace(demo_store("observed"), timezone=timezone)
    at += timedelta(seconds=seconds, microseconds=-1)
    customer = msgspec.structs.replace(AHMED, created_at=at, updated_at=at)
    shown = msgspec.json.encode(body(customer, store))
    assert msgspec.json.decode(shown) == plainly(customer, store)


def test_the_columns_come_in_the_order_of_the_fields() -> None:
    _, *columns = inspect.signature(wire._own_keys).parameters
    assert columns == [field.name for field in OWN]


@pytest.mark.parametrize("query", ["", "?fields[]=is_blocked"])
def test_tags_are_those_of_details_without_fields(world: World, query: str) -> None:
    path = f"/customers/{AHMED.id}"
    tag = world.get(path).headers["etag"]
    shown = world.get(path + query).headers["etag"]
    assert world.get(path + query, if_match=tag).status == 200
    assert world.get(path + query, if_match='"other"').status == 412
    assert world.get(path + query, if_none_match=shown).status == 304
    assert world.get(path + query, if_match=tag, if_none_match=f'W/{shown}, "x"').status == 304
    sent = world.send("PUT", path, {"first_name": "Omar"}, if_match=tag)
    assert sent.status == 200
    assert world.get(path).headers["etag"] == sent.headers["etag"]
    assert world.get(path + query, if_match=tag).status == 412
