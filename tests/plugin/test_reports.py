"""What the plugin tells of tests that fail, and which tests it fails itself."""

import pytest

from plugin.conftest import Run

pytestmark = pytest.mark.proves("the plugin of pytest fails a test that leaves faults unspent")

CANARIES = ("Zubaida", "zubaida@example.com", "555123987", "sjl_at_", "whsec_", "Bearer")
"""What no report may hold; requests of these tests do."""

DIARY = """
def test_fails(salla):
    body = {"first_name": "Zubaida", "email": "zubaida@example.com", "mobile": "555123987",
            "mobile_code_country": "+966", "zubaida@example.com": 1}
    assert salla.client.post("/customers", json=body).status_code == 200
    salla.client.get("/customers", params={"keyword": "Zubaida", "page": 3})
    salla.client.get("/customers/555123987")
    salla.client.get("/Zubaida/zubaida@example.com")
    salla.faults.add("customers.details", status=429, times=1)
    salla.client.get("/customers/2075683582")
    # nothing of the lines above may be shown as source\n\n\n\n\n\n\n\n\n\n
    raise AssertionError("of the app")
"""


def test_a_failure_shows_the_masked_journal(run: Run) -> None:
    result = run(DIARY, "--tb=line")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*-- salla: requests --*",
            "20*Z  customers.create  POST /customers  200*",
            "20*Z  customers.list  GET /customers?keyword=…&page=3  *",
            "20*Z  customers.details  GET /customers/…87  404",
            "20*Z  GET /…da/…om  404*",
            "20*Z  customers.details  GET /customers/…82  429  fault status",
        ]
    )
    text = result.stdout.str()
    assert [canary for canary in CANARIES if canary in text] == []


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (
            'salla.client.get("/customers/1")\n'
            '    salla.client.get("/customers/1")\n'
            '    salla.client.get("/nothing")\n'
            '    salla.assert_called("customers.create")',
            [
                '>       salla.assert_called("customers.create")',
                "E       AssertionError: calls of customers.create: expected at least 1, found 0",
                "E       the journal has:",
                "E         2 x customers.details GET /customers/…1 404",
                "E         1 x GET /…ng 404 nearest *",
                "test_*.py:5: AssertionError",
            ],
        ),
        (
            'salla.client.get("/customers/1")\n'
            '    salla.assert_called("customers.details", times=2, status=404)',
            [
                "E * calls of customers.details, status=404: expected 2, found 1",
                "E         1 x customers.details GET /customers/…1 404",
            ],
        ),
        (
            'salla.client.get("/customers/1")\n    salla.assert_never("customers.details")',
            ["E * calls of customers.details: expected 0, found 1"],
        ),
        (
            'salla.assert_called("customers.create", within=0.01)',
            ["E       the journal has no request"],
        ),
        (
            'salla.assert_never("customers.get")',
            ["E       ValueError: there is no operation customers.get: is it *"],
        ),
        (
            'salla.assert_called("customers.list", state=200)',
            ["E       TypeError: state matches nothing: use * 'path', 'status'*"],
        ),
    ],
)
def test_an_assertion_says_what_was_called_instead(run: Run, body: str, lines: list[str]) -> None:
    result = run(f"def test_it(salla):\n    {body}\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)
    result.stdout.no_fnmatch_line("*sijill/testing*")


UNSPENT = """
import pytest

def add(salla, times):
    salla.faults.add("customers.details", status=429, times=times)
    salla.client.get("/customers/1")

def test_spent(salla):
    add(salla, 1)

def test_always(salla):
    salla.faults.add("customers.details", kind="empty")

def test_unspent(salla):
    add(salla, 2)

def test_failed(salla):
    add(salla, 2)
    raise AssertionError("of the app")

def test_skipped(salla):
    add(salla, 2)
    pytest.skip()

@pytest.mark.xfail
def test_expected(salla):
    add(salla, 2)
    raise AssertionError("of the app")

@pytest.fixture
def broken(salla):
    add(salla, 2)
    raise ValueError("in a fixture")

def test_setup(broken):
    pass
"""


def test_unspent_faults_fail_a_test_that_passed(run: Run) -> None:
    result = run(UNSPENT)
    result.assert_outcomes(passed=3, failed=1, errors=2, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_unspent*",
            "unspent fault: customers.details 429 was met 1 of 2 times",
            "*ERROR at setup of test_setup*",
        ]
    )
    assert result.stdout.str().count("unspent fault: customers.details 429 was met") == 1


OVERFLOW = """
import pytest, socket
from sijill.pytest_plugin import Salla
from urllib.parse import urlsplit

def test_it(salla: Salla) -> None:
    url = urlsplit(salla.url)
    request = f"GET {url.path}/nothing HTTP/1.1\\r\\nHost: {url.netloc}\\r\\n\\r\\n".encode()
    with socket.create_connection((url.hostname, url.port)) as peer, peer.makefile("rb") as stream:
        for _ in range(101):
            peer.sendall(request * 100)
            for _ in range(100):
                while (line := stream.readline()) != b"\\r\\n":
                    if line.lower().startswith(b"content-length:"):
                        size = int(line[15:])
                stream.read(size)
    with pytest.raises(AssertionError, match="has forgotten older"):
        salla.assert_never("customers.create")
    with pytest.raises(AssertionError, match="has forgotten older"):
        salla.requests
    salla.assert_called("customers.list")
"""


def test_after_an_overflow_assertions_refuse(run: Run) -> None:
    result = run(OVERFLOW)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*JournalOverflowed: the journal keeps 10000 requests and has forgotten older ones",
            "*-- salla: requests --*",
            "(older ones were forgotten)",
            "(9950 more before these)",
            "20*Z  GET /…ng  404  nearest GET /_/changes",
        ]
    )
