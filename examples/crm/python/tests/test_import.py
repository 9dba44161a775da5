"""The import against the sandbox: no failure loses a customer or stores one twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crm.config import Config, Tokens
from crm.importing import import_customers, is_finished, next_progress
from crm.salla import Salla, SallaError
from crm.store import Progress, Store

from sijill.pytest_plugin import Salla as Sandbox

LIST = "customers.list"


def people(count: int) -> dict[str, Any]:
    """Return a seed document: a store with so many customers."""
    return {"customers": {"count": count}}


def assert_complete(store: Store, count: int) -> None:
    """The import worked: so many customers, no two of them alike."""
    customers = [tuple(one.values()) for one in store.customers().values()]
    assert len(set(customers)) == len(customers) == count


def statuses(salla: Sandbox, op: str) -> list[int]:
    """Return the statuses of an operation's requests, in their order."""
    return [one.status for one in salla.requests if one.op == op]


@pytest.mark.salla(seed=people(1000))
def test_a_thousand_customers_arrive_each_once(client: Salla, store: Store) -> None:
    for _ in range(2):
        import_customers(client, store)
        assert_complete(store, 1000)


@pytest.mark.salla(seed=people(100))
def test_the_import_waits_as_a_429_says(salla: Sandbox, client: Salla, store: Store) -> None:
    salla.clock.freeze()
    salla.faults.add(LIST, status=429, wait=30, times=2)
    begin = salla.clock.now()
    import_customers(client, store)
    assert_complete(store, 100)
    assert (salla.clock.now() - begin).total_seconds() == 60


@pytest.mark.salla(seed=people(300), limits={"customers_limit": "3/10m"})
def test_the_import_waits_out_the_limit_of_the_store(
    salla: Sandbox, client: Salla, store: Store
) -> None:
    import_customers(client, store)
    assert_complete(store, 300)
    assert statuses(salla, LIST) == [200, 200, 200, 429, 200, 200]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 503},
        {"kind": "html-502"},
        {"kind": "empty"},
        {"kind": "reset"},
        {"kind": "truncate"},
        {"kind": "malformed"},
    ],
    ids=lambda fault: str(next(iter(fault.values()))),
)
@pytest.mark.salla(seed=people(200))
def test_the_import_survives(
    salla: Sandbox, client: Salla, store: Store, fault: dict[str, Any]
) -> None:
    salla.faults.add(LIST, skip=1, times=2, **fault)
    import_customers(client, store)
    assert_complete(store, 200)
    salla.assert_called(LIST, times=4 + 2)


@pytest.mark.salla(
    seed=people(300), limits={"customers_limit": "2/10m"}, settings={"access_lifetime": "5m"}
)
def test_a_token_that_expires_half_way_is_renewed(
    salla: Sandbox, client: Salla, store: Store
) -> None:
    salla.expire_token()
    import_customers(client, store)
    assert_complete(store, 300)
    assert statuses(salla, "oauth.token") == [200, 200, 200]


def test_a_pair_of_tokens_outlives_the_process(
    salla: Sandbox, client: Salla, config: Config, database: Path
) -> None:
    salla.expire_token()
    client.customers(1, 60)
    second = Store(database)
    Salla(config, second).customers(1, 60)
    second.close()
    salla.assert_called("oauth.token", times=1)


def test_a_token_that_another_process_has_renewed_is_not_renewed_again(store: Store) -> None:
    first, pair = Tokens("old", "refresh"), Tokens("new", "next refresh")
    assert store.renew(first, "old", lambda refresh: pair) == pair
    assert store.renew(first, "old", lambda refresh: pytest.fail("a second time")) == pair


def test_a_customer_whose_answer_got_lost_is_created_once(salla: Sandbox, client: Salla) -> None:
    salla.faults.add("customers.create", kind="reset", phase="after-commit", times=1)
    made = client.create_customer("Sara", "Ali", "sara@example.com")
    answer = salla.client.get("/customers", params={"keyword": "sara@example.com"}).json()
    assert [one["id"] for one in answer["data"]] == [made["id"]]
    with pytest.raises(SallaError, match="422"):
        client.create_customer("Sara", "Ali", "sara@example.com")


class Busy:
    """A client of a store in which something happens after the first page."""

    def __init__(self, client: Salla, happens: Callable[[Any], None]) -> None:
        self._client, self._happens = client, happens

    def customers(self, page: int, per_page: int) -> Any:
        answer = self._client.customers(page, per_page)
        happens, self._happens = self._happens, lambda _: None
        happens(answer["data"])
        return answer


@pytest.mark.salla(seed=people(200))
def test_customers_who_go_and_come_meanwhile_cost_no_other(
    salla: Sandbox, client: Salla, store: Store
) -> None:
    def meanwhile(customers: Any) -> None:
        for one in customers[:2]:
            salla.client.delete(f"/customers/{one['id']}")
        salla.client.post("/customers", json={"first_name": "New", "email": "new@example.com"})

    import_customers(Busy(client, meanwhile), store)
    assert_complete(store, 201)  # the two who left included


@pytest.mark.salla(seed=people(300))
def test_an_import_that_was_broken_off_goes_on_where_it_stopped(
    salla: Sandbox, client: Salla, store: Store
) -> None:
    salla.faults.add(LIST, status=500, skip=2, times=8)
    with pytest.raises(SallaError, match="500"):
        import_customers(client, store)
    import_customers(client, store)
    assert_complete(store, 300)
    assert statuses(salla, LIST).count(200) == 5


def test_the_import_steps_back_as_far_as_the_list_shrank() -> None:
    progress = Progress(page=5, total=300)
    table = {310: Progress(6, 310), 299: Progress(4, 299), 200: Progress(3, 200)}
    for total, expected in table.items():
        assert next_progress(progress, {"total": total, "perPage": 60}) == expected
    assert not is_finished(progress, {"total": 299, "totalPages": 5})
    assert is_finished(progress, {"total": 300, "totalPages": 5})
