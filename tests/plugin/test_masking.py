"""Lines for a terminal hold no personal data and no secrets."""

from typing import Any

import pytest
from fixtures.tables import rows

from sijill.testing.masking import SHOWN, delivery_line, listed, request_line

REQUEST = {
    "at": "T",
    "op": "o",
    "method": "GET",
    "path": "/",
    "query": "",
    "status": 200,
    "fault": None,
}
DELIVERY = {
    "at": "T",
    "event": "e",
    "url": "https://a.example/",
    "attempt": 2,
    "outcome": "failed",
    "status": 0,
    "fault": None,
}

LINES = [
    ({"path": "/admin/v2/customers/2075683582"}, "T  o  GET /customers/…82  200"),
    ({"path": "/customers/groups/default"}, "T  o  GET /customers/groups/default  200"),
    ({"path": "/customers/a@b.example/x"}, "T  o  GET /customers/…le/…x  200"),
    ({"op": ""}, "T  GET /  200"),
    ({"query": "page=12&keyword=Sara"}, "T  o  GET /?page=12&keyword=…  200"),
    ({"query": "page=1234&fields[]=id&="}, "T  o  GET /?page=…&fields[]=…&…=…  200"),
    ({"query": "a@b.example=1"}, "T  o  GET /?…=1  200"),
    ({"status": 0, "fault": "empty"}, "T  o  GET /  no answer  fault empty"),
    ({"body": '{"name": "Sara", "a@b.example": 1}'}, "T  o  GET /  200  sent name, …"),
    ({"body": {"name": "Sara"}}, "T  o  GET /  200  sent name"),
    ({"body": "name=Sara"}, "T  o  GET /  200"),
    ({"body": "[1]"}, "T  o  GET /  200"),
    ({"unread": ["?nick", "a@b.example"]}, "T  o  GET /  200  never read ?nick, …"),
    (
        {"unread": ["body.mobil"], "nearest": {"body.mobil": "body.mobile"}},
        "T  o  GET /  200  never read body.mobil (is it body.mobile?)",
    ),
    (
        {"path": "/a@b.example", "nearest": {"GET /a@b.example": "GET /customers"}},
        "T  o  GET /…le  200  nearest GET /customers",
    ),
]


@rows(("change", "line"), LINES)
def test_a_request_is_told_by_names_alone(change: dict[str, Any], line: str) -> None:
    assert request_line(REQUEST | change) == line


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, "T  e  to a.example  attempt 2  failed  no answer"),
        ({"url": "http://me:secret@a.example:80/?token=secret"}, "T  e  to a.example:80  attempt "),
        ({"status": 500, "fault": "late"}, "attempt 2  failed  500  fault late"),
    ],
)
def test_a_delivery_is_told_without_its_address(change: dict[str, Any], line: str) -> None:
    told = delivery_line(DELIVERY | change)
    assert line in told
    assert "secret" not in told


def test_a_list_shows_its_last_lines() -> None:
    lines = [str(number) for number in range(SHOWN + 2)]
    assert listed(lines, overflowed=False).splitlines() == ["(2 more before these)", *lines[2:]]
    assert listed(["1"], overflowed=True) == "(older ones were forgotten)\n1"
    assert listed([], overflowed=False) == ""
