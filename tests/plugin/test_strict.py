"""What the app sends and nobody reads: told, or a reason to fail."""

import pytest

from plugin.conftest import Run
from sijill.pytest_plugin import Salla

pytestmark = pytest.mark.proves(
    "with strict, the plugin of pytest tells what an app sends and nobody reads"
)

TYPING_ERROR = """
import pytest

def send(salla):
    assert salla.client.get("/customers", params={{"perpage": 5}}).status_code == 200
    body = {{"first_name": "Zubaida", "email": "z@example.com", "nick": "Zubaida"}}
    assert salla.client.post("/customers", json=body).status_code == 200

@pytest.mark.salla(strict="{strict}")
def test_sends(salla):
    send(salla)

@pytest.mark.salla(strict="{strict}")
def test_is_right(salla):
    salla.webhooks.receive("customer.created")
    assert salla.client.get("/customers", params={{"per_page": 5}}).status_code == 200

@pytest.mark.salla(strict="{strict}")
def test_fails_anyway(salla):
    send(salla)
    raise AssertionError("of the app")
"""

UNREAD = [
    "*customers.list  GET /customers?perpage=5  200  never read ?perpage (is it ?per_page[?])",
    "*customers.create  *  sent first_name, email, nick  never read body.nick*",
]


def test_fail_fails_a_test_that_passed(run: Run) -> None:
    result = run(TYPING_ERROR.format(strict="fail"))
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown of test_sends*", "the app sent what is never read:", *UNREAD]
    )
    assert "Zubaida" not in result.stdout.str().partition("= FAILURES =")[0]


@pytest.mark.parametrize("words", [(), ("-n", "1", "-p", "no:schemathesis")])
def test_report_tells_at_the_end(run: Run, words: tuple[str, ...]) -> None:
    result = run(TYPING_ERROR.format(strict="report"), *words)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        ["*= salla: sent and never read =*", "*.py::test_sends", *UNREAD, "*short test summary*"]
    )
    assert result.stdout.str().count("::test_sends") == 1
    result.stdout.no_fnmatch_line("*::test_is_right*")


def test_off_tells_nothing_of_a_test_that_passed(run: Run) -> None:
    result = run(TYPING_ERROR.format(strict="off"))
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.no_fnmatch_line("*sent and never read*")


def test_a_test_reads_what_was_sent(salla: Salla) -> None:
    salla.client.post("/customers", json={"email": "z@example.com", "nick": 1})
    salla.client.get("/customers")
    first, second = salla.requests
    assert (first.unread, first.json()) == (["body.nick"], {"email": "z@example.com", "nick": 1})
    assert second.unread == []
    with pytest.raises(ValueError, match="Expecting value"):
        second.json()
