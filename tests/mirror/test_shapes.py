"""Shapes of answers: what is new is counted, what is missing or retyped is told once."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror.linked import AHMED, SEED, Linked, linked
from msgspec import json

from sijill.mirror.upstream.shapes import MOST, Shape, endpoint_of, shape_of

__all__ = ["linked"]

pytestmark = [pytest.mark.salla(seed=SEED)]


def details(linked: Linked) -> Any:
    return json.decode(linked.original(f"/customers/{AHMED}"))


def page(linked: Linked) -> Any:
    return json.decode(linked.original("/customers"))


def look(linked: Linked, document: Any) -> None:
    lookout = linked.world.mirroring.upstreams._lookout
    linked.run(lookout.look(linked.store_id, "customers.details", document))


def test_our_own_answers_have_the_known_shape(linked: Linked) -> None:
    query = "&".join(f"fields[]={name}" for name in ("is_blocked", "custom_fields", "country_id"))
    for path, endpoint in (("/customers", "customers.list"), (f"/customers/{AHMED}", None)):
        for more in ("", f"?{query}"):
            document = json.decode(linked.original(path + more))
            assert shape_of(endpoint or "customers.details", document) == Shape()


def test_salla_s_own_samples_have_it_too(payloads: Any) -> None:
    assert shape_of("customers.list", payloads("customers_list")) == Shape()
    assert shape_of("customers.details", payloads("customer_details")) == Shape()


@pytest.fixture
def payloads() -> Any:
    from pathlib import Path

    folder = Path(__file__).parents[1] / "payloads"
    return lambda name: json.decode((folder / f"{name}.json").read_bytes())


CHANGES: list[tuple[str, Any, Shape]] = [
    ("loyalty", 5, Shape(unknown=("data.loyalty integer",))),
    ("loyalty", {"deep": 1}, Shape(unknown=("data.loyalty object",))),
    ("email", None, Shape()),
    ("email", 5, Shape(retyped=("data.email integer",))),
    ("id", "5", Shape(retyped=("data.id string",))),
    ("id", None, Shape(retyped=("data.id null",))),
    ("id", ..., Shape(missing=("data.id",))),
    ("email", ..., Shape()),
    ("groups", ..., Shape(missing=("data.groups",))),
    ("groups", {}, Shape(retyped=("data.groups object",))),
    ("updated_at", {}, Shape(missing=("data.updated_at.date", "data.updated_at.timezone"))),
    ("updated_at", "2030", Shape(retyped=("data.updated_at string",))),
    ("updated_at", ..., Shape(missing=("data.updated_at",))),
]


@pytest.mark.parametrize(("name", "value", "expected"), CHANGES)
def test_each_difference_has_its_name(
    payloads: Any, name: str, value: Any, expected: Shape
) -> None:
    document = payloads("customer_details")
    if value is ...:
        document["data"].pop(name)
    else:
        document["data"][name] = value
    assert shape_of("customers.details", document) == expected


@pytest.mark.parametrize("document", [5, [], {}, {"data": None}, {"data": []}, {"data": [5]}])
def test_a_document_of_another_kind_is_broken(document: Any) -> None:
    for endpoint in ("customers.list", "customers.details"):
        assert shape_of(endpoint, document).is_broken


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=200), inner, max_size=60)
        ),
    )
)
def test_any_document_has_a_shape_of_bounded_size(document: Any) -> None:
    for endpoint in ("customers.list", "customers.details"):
        shape = shape_of(endpoint, document)
        assert len(shape.unknown) <= MOST
        assert len(json.encode(shape)) < 200_000
        assert len(shape.digest) == 16


def test_no_value_stands_in_a_shape(payloads: Any) -> None:
    document = payloads("customer_details")
    document["data"] |= {"email": ["a@example.com"], "secret": "a@example.com"}
    assert "example" not in json.encode(shape_of("customers.details", document)).decode()


def test_a_new_key_is_counted_and_kept_and_no_alarm(linked: Linked) -> None:
    document = details(linked)
    document["data"]["loyalty"] = 5
    for _ in range(3):
        look(linked, document)
    assert linked.store.trouble == ""
    assert counted(linked) == {("customers.details", "unknown"): 3.0}
    seen = linked.run(linked.world.register.mirror_shapes.all(linked.store_id))
    assert [shape.shape.unknown for shape in seen] == [("data.loyalty integer",)]


def test_a_missing_key_degrades_and_is_told_once(
    linked: Linked, capsys: pytest.CaptureFixture[str]
) -> None:
    document = details(linked)
    del document["data"]["groups"]
    for _ in range(3):
        look(linked, document)
    linked.world.build()  # another process
    look(linked, document)
    assert capsys.readouterr().out.count("mirror_shape") == 1
    assert (linked.store.trouble, linked.store.reason) == ("degraded", "shape")
    other = copy.deepcopy(document)
    other["data"]["first_name"] = 5
    look(linked, other)
    assert capsys.readouterr().out.count("mirror_shape") == 1


def test_the_client_looks_at_what_it_gets(linked: Linked) -> None:
    assert linked.get(f"/customers/{AHMED}").status == 200
    seen = linked.run(linked.world.register.mirror_shapes.all(linked.store_id))
    assert [(one.endpoint, one.shape) for one in seen] == [("customers.details", Shape())]


def counted(linked: Linked) -> dict[tuple[str, str], float]:
    metric = linked.world.metrics.mirror._drift
    return {
        (sample.labels["endpoint"], sample.labels["kind"]): sample.value
        for sample in next(iter(metric.collect())).samples
    }


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/customers", "customers.list"),
        ("/customers/5", "customers.details"),
        ("/customers/groups", None),
        ("/store/info", None),
        ("/customers/5/6", None),
    ],
)
def test_paths_have_their_endpoints(path: str, endpoint: str | None) -> None:
    assert endpoint_of(path) == endpoint
