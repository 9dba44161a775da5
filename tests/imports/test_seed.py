"""Made-up customers: plausible, unique, and the same every time."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice, pairwise

import phonenumbers
import pytest
from fixtures.imports import NOW, STORE, holding
from fixtures.memory_customers import MemoryCustomers
from msgspec import structs

from sijill.customers.fields import CUSTOMER, cells
from sijill.customers.model import Customer
from sijill.imports.seed import MOST, _ids, _permuted, load_people, seed_customers, seeded
from sijill.values.mobiles import Mobile, parse_mobile

MANY = 4_000
STOCK = load_people()


@pytest.fixture(scope="module")
def people() -> list[Customer]:
    return list(seeded(MANY, 1, NOW))


def test_the_same_count_and_seed_make_the_same_customers(people: list[Customer]) -> None:
    assert list(seeded(MANY, 1, NOW)) == people


def test_a_larger_count_begins_with_the_smaller_ones_customers(people: list[Customer]) -> None:
    assert list(seeded(100, 1, NOW)) == people[:100]


def test_another_seed_makes_other_customers(people: list[Customer]) -> None:
    assert not {one.id for one in seeded(100, 2, NOW)} & {one.id for one in people[:100]}


def test_the_zone_in_which_now_is_given_makes_no_difference(people: list[Customer]) -> None:
    riyadh = NOW.astimezone(timezone(timedelta(hours=3)))
    assert list(seeded(10, 1, riyadh)) == people[:10]


def test_ids_mobiles_and_emails_are_unique(people: list[Customer]) -> None:
    assert len({one.id for one in people}) == MANY
    assert len({(one.mobile_code, one.mobile) for one in people}) == MANY
    assert len({one.email.lower() for one in people}) == MANY


@pytest.mark.parametrize("seed", [0, 1, 2**40])
def test_ids_look_random_and_fit_31_bits(seed: int) -> None:
    ids = [one.id for one in seeded(2_000, seed, NOW)]
    assert all(1 <= one < 2**31 for one in ids)
    assert not {2075683582, 2075683581} & set(ids)
    steps = [after - before for before, after in pairwise(ids)]
    assert len(set(steps)) == len(steps)
    assert 1 not in steps
    assert 0.4 < sum(step > 0 for step in steps) / len(steps) < 0.6
    assert 0.4 < sum(one < 2**30 for one in ids) / len(ids) < 0.6


@pytest.mark.parametrize("taken", [2075683582, 2075683581])
def test_the_ids_of_the_demo_store_are_passed_over(taken: int) -> None:
    prime = 2**31 - 1
    scrambled = taken - 1
    root = pow(scrambled, (prime + 1) // 4, prime)  # of it or of its negative
    second = next(r for r in (root, prime - root) if _permuted(r) == scrambled)
    ids = list(islice(_ids(prime - 1, second), 3))
    assert _permuted((_permuted(0) + second) % prime) + 1 == taken
    assert taken not in ids
    assert len(set(ids)) == 3


def test_every_mobile_is_a_valid_one_and_of_its_customers_country(people: list[Customer]) -> None:
    for one in people:
        assert one.mobile is not None
        number = phonenumbers.PhoneNumber(int(one.mobile_code), one.mobile)
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        assert phonenumbers.region_code_for_number(number) == one.country_code
        assert parse_mobile(one.mobile, one.mobile_code) == Mobile(one.mobile_code, one.mobile)


def test_most_are_saudi_and_every_country_and_prefix_of_the_gulf_is_met(
    people: list[Customer],
) -> None:
    assert 0.8 < sum(one.country_code == "SA" for one in people) / MANY < 0.9
    for land in STOCK.lands:
        own = [str(one.mobile) for one in people if one.country_code == land.code]
        assert {mobile[:2] for mobile in own} == set(land.prefixes)
        assert {len(mobile) for mobile in own} == {2 + land.digits}


def test_there_are_names_enough_and_none_is_too_long_or_twice() -> None:
    for script in (0, 1):
        firsts = [name[script] for name in STOCK.men + STOCK.women]
        families = [name[script] for name in STOCK.families]
        assert len(set(firsts)) == len(firsts) >= 40
        assert len(set(families)) == len(families) >= 40
        assert max(map(len, firsts + families)) <= 25


def test_about_sixty_in_a_hundred_names_are_arabic_and_match_the_gender(
    people: list[Customer],
) -> None:
    men = {name for pair in STOCK.men for name in pair}
    arabic = [one for one in people if not one.first_name.isascii()]
    assert 0.55 < len(arabic) / MANY < 0.65
    for one in people:
        assert (one.first_name in men) == (one.gender == "male")
        assert one.first_name.isascii() == one.last_name.isascii() == one.city.isascii()
        assert one.lang == ("en" if one.first_name.isascii() else "ar")


def test_cities_lie_in_the_customers_country(people: list[Customer]) -> None:
    lands = {land.code: land for land in STOCK.lands}
    for one in people:
        land = lands[one.country_code]
        assert one.city in {name for city in land.cities for name in city}
        assert one.country in land.names
        assert (one.mobile_code, one.currency) == (land.calling_code, land.currency)


def test_emails_are_ascii_and_belong_to_nobody(people: list[Customer]) -> None:
    for one in people:
        assert one.email.isascii()
        assert one.email.split("@")[1] in {"example.com", "example.net", "example.org"}


def test_moments_lie_in_order_within_three_years(people: list[Customer]) -> None:
    for one in people:
        assert NOW - timedelta(days=3 * 365) <= one.created_at <= one.updated_at <= NOW
        assert one.extras is not None
        if one.extras.latest_purchase:
            assert one.created_at <= one.extras.latest_purchase <= NOW
    for year in range(3):
        since = NOW - timedelta(days=365 * (year + 1))
        among = sum(since <= one.created_at < since + timedelta(days=365) for one in people)
        assert 0.28 < among / MANY < 0.39


def test_the_numbers_of_orders_agree_with_each_other(people: list[Customer]) -> None:
    extras = [one.extras for one in people if one.extras is not None]
    assert len(extras) == MANY
    assert 0.3 < sum(one.orders_count == 0 for one in extras) / MANY < 0.5
    for one in extras:
        assert one.orders_cancel <= one.orders_count
        assert (one.latest_purchase is None) == (one.orders_count == 0)
        if one.orders_count:
            assert one.orders_average == pytest.approx(
                one.orders_amount / one.orders_count, abs=0.01
            )
            assert one.orders_complete_ratio + one.orders_cancel_ratio == pytest.approx(
                100, abs=0.02
            )


def test_most_have_a_birthday(people: list[Customer]) -> None:
    assert 0.7 < sum(one.birthday is not None for one in people) / MANY < 0.9


def test_every_cell_would_pass_the_import(people: list[Customer]) -> None:
    for one in people[:500]:
        for name, cell in cells(one).items():
            CUSTOMER.parse(name, cell)


@pytest.mark.parametrize("count", [-1, MOST + 1])
def test_a_count_out_of_range_is_refused_at_once(count: int) -> None:
    with pytest.raises(ValueError, match="count is between"):
        seeded(count, 1, NOW)


def test_seeding_twice_finds_the_customers_present_and_leaves_them() -> None:
    customers, done = MemoryCustomers(), []
    first = asyncio.run(seed_customers(customers, STORE, 250, 1, NOW, done.append, batch=100))
    kept = dict(customers.stores[STORE])
    later = datetime(2027, 1, 1, tzinfo=UTC)
    again = asyncio.run(seed_customers(customers, STORE, 300, 1, later, batch=100))
    assert (first, again) == ((250, 0), (50, 250))
    assert done == [100, 200, 250]
    assert {one: customers.stores[STORE][one] for one in kept} == kept


def test_a_mobile_of_another_customer_stays_with_that_customer(people: list[Customer]) -> None:
    somebody = structs.replace(people[3], id=7, email="")
    customers = holding(somebody)
    assert asyncio.run(seed_customers(customers, STORE, 10, 1, NOW)) == (9, 1)
    assert customers.stores[STORE][7] == somebody
