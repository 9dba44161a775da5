"""The tables of commands on a sandbox fit a terminal, for any name and any query."""

from collections.abc import Iterator

import httpx
import pytest
from cli.sandboxes import PATIENCE, Terminal

from sijill.cli.tables import width_of

LONG = "n" * 100
SEARCH = "نورة بنت عبد العزيز بن محمد الطويل، من حي الياسمين في مدينة الرياض، ومُحمّد"
RULE = "--op customers.update --kind status --status 503 --match customer=2075683582 --skip 2"
HOOK = {
    "name": "mine",
    "event": "customer.created",
    "url": "http://127.0.0.1:1/",
    "version": 2,
    "security_strategy": "signature",
    "secret": "s" * 32,
}
CUSTOMER = {
    "first_name": "Sara",
    "last_name": "A",
    "mobile": "551234567",
    "mobile_code_country": "966",
    "country_code": "SA",
    "the_level_of_loyalty_that_nothing_reads": 3,
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal of 80 columns, on whose sandbox every table has rows, and long ones."""
    terminal = Terminal(tmp_path_factory.mktemp("busy"))
    terminal.type("sandbox", "start", "--port", "0")
    made = terminal.json("ns", "create", LONG)
    terminal.environ |= {"COLUMNS": "80", "SIJILL_NAMESPACE": LONG}
    _fill(terminal, made["url"], made["token"])
    yield terminal
    terminal.type("sandbox", "stop")


def _fill(terminal: Terminal, base: str, token: str) -> None:
    terminal.type("fault", "add", *RULE.split(), "--times", "3", "--every", "2", "--after-commit")
    terminal.type("snapshot", "save", LONG[:60])
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=base, headers=headers, timeout=PATIENCE) as http:
        assert http.post("/webhooks/subscribe", json=HOOK).is_success
        assert http.get("/customers", params={"keyword": SEARCH}).is_success
        assert http.post("/customers", json=CUSTOMER).is_success


LISTS = {
    "ns list": ["default"],
    "fault list": ["customers.update", "status 503 after commit"],
    "snapshot list": ["customers"],
    "requests": ["customers.list", "200", "الياسمين"],
    "deliveries --wait 1": ["customer.created", "failed"],
    "operations": ["customers.list"],
    "clock show": ["running"],
}
"""What stands in each table, on one line of it."""


@pytest.mark.parametrize("words", LISTS)
def test_every_table_of_a_sandbox_fits_80_columns(busy: Terminal, words: str) -> None:
    lines = busy.type(*words.split()).splitlines()
    assert len(lines) > 1
    assert all(width_of(line) <= 80 for line in lines), lines
    for text in LISTS[words]:
        assert any(text in line for line in lines), lines
