"""The pages of a sandbox in the console: they do what the control API does, and keep people in."""

import html
import re
from datetime import timedelta

import pytest
from console.desks import Seat, seat
from sandbox.conftest import SandboxWorld, sandbox_with
from sandbox.desks import owner_of, world_of

from sijill.customers.examples import AHMED
from sijill.sandbox.console.faults import KINDS, read_rule
from sijill.sandbox.console.journal import SHOWN
from sijill.sandbox.console.rows import ROWS
from sijill.sandbox.faults import FaultRule
from sijill.sandbox.namespace import MAX_SNAPSHOTS
from sijill.sandbox.namespaces import DEFAULT

pytestmark = pytest.mark.proves(
    "an owner moves the clock, sets faults, reads the journal, and resets and restores a namespace "
    "of the sandbox on pages, and stays signed in"
)

READ = f"/customers/{AHMED.id}"


@pytest.fixture
def owner(sandbox: SandboxWorld) -> Seat:
    return owner_of(sandbox)


def text(owner: Seat, path: str = "/sandbox", status: int = 200) -> str:
    answer = owner.get(path, accept_language="en")
    assert answer.status == status, answer.body
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.body.decode()))


def done(owner: Seat, path: str, **fields: str) -> str:
    """Send a form that is carried out, and return what the next page tells."""
    answer = owner.post(path, **fields)
    assert answer.status == 303, answer.body
    assert answer.headers["location"].startswith(owner.at("/sandbox")), answer.headers
    page = owner.browser.get(answer.headers["location"], accept_language="en")
    told = re.search(r'<div class="note ok" role="status">.*?<div>(.*?)</div>', page.body.decode())
    assert told is not None, page.body
    return html.unescape(told[1])


def test_the_navigation_leads_there_in_a_sandbox_and_nowhere_else(owner: Seat) -> None:
    assert f'href="{owner.at("/sandbox")}"'.encode() in owner.get("").body
    assert owner.at("/sandbox") not in seat(owner.world, "support").get("").body.decode()


@pytest.mark.parametrize(("step", "seconds"), [("10m", 600), ("1h", 3_600), ("1d", 86_400)])
def test_a_step_moves_the_clock_and_the_person_stays_signed_in(
    sandbox: SandboxWorld, owner: Seat, step: str, seconds: int
) -> None:
    clock = sandbox.namespaces.find(DEFAULT).clock
    clock.freeze()
    before = clock.now()
    assert done(owner, "/sandbox/clock/advance", step=step).startswith("The clock has moved on.")
    assert clock.now() == before + timedelta(seconds=seconds)
    assert "Frozen" in text(owner)


def test_the_clock_goes_to_a_moment_of_the_store_and_never_back(
    sandbox: SandboxWorld, owner: Seat
) -> None:
    clock = sandbox.namespaces.find(DEFAULT).clock
    clock.freeze()
    done(owner, "/sandbox/clock/set", at="2040-03-01T10:00")
    assert clock.now().isoformat() == "2040-03-01T07:00:00+00:00"
    done(owner, "/sandbox/clock/set", at="٢٠٤٠-٠٣-٠١T١١:٠٠")
    assert clock.now().isoformat() == "2040-03-01T08:00:00+00:00"
    for at, told in (
        ("2039-01-01T00:00", "goes back only with a snapshot"),
        ("soon", "Write a moment"),
        ("9999-12-31T23:59", "Write a moment"),
        ("", "Write a moment"),
    ):
        answer = owner.post("/sandbox/clock/set", at=at)
        assert (answer.status, told in answer.body.decode()) in ((422, True), (422, False))
        assert b'aria-invalid="true"' in answer.body
    assert clock.now().isoformat() == "2040-03-01T08:00:00+00:00"


def test_the_clock_stops_and_runs(sandbox: SandboxWorld, owner: Seat) -> None:
    clock = sandbox.namespaces.find(DEFAULT).clock
    assert done(owner, "/sandbox/clock/freeze") == "The clock stands still."
    assert clock.is_frozen
    assert done(owner, "/sandbox/clock/resume") == "The clock runs again."
    assert not clock.is_frozen


@pytest.mark.parametrize("form", [row.path for row in ROWS if row.method == "POST"])
def test_the_address_of_a_form_leads_to_a_page(owner: Seat, form: str) -> None:
    path = form.replace("{store}", str(owner.world.store.id)).replace("{fault}", "1")
    answer = owner.browser.get(path)
    if answer.status == 303:
        answer = owner.browser.get(answer.headers["location"])
    assert answer.status == 200


def test_an_unknown_step_moves_nothing(sandbox: SandboxWorld, owner: Seat) -> None:
    setting = sandbox.namespaces.find(DEFAULT).clock.setting
    assert owner.post("/sandbox/clock/advance", step="1y").status == 422
    assert sandbox.namespaces.find(DEFAULT).clock.setting == setting


def test_a_rule_is_added_hits_and_is_removed(sandbox: SandboxWorld, owner: Seat) -> None:
    assert "No faults now" in text(owner, "/sandbox/faults")
    fields = {"op": "customers.details", "kind": "status", "status": "503", "phase": "before"}
    told = done(owner, "/sandbox/faults", **fields, times="٢", match=f"customer={AHMED.id}")
    assert told == "The rule is added."
    assert [sandbox.ask("GET", READ).status for _ in range(3)] == [503, 503, 200]
    assert sandbox.control("GET", "ns/default/faults").json["faults"][0]["hits"] == 2
    page = text(owner, "/sandbox/faults")
    assert re.search(r"2\s+of\s+2", page)
    assert "Spent" in page
    done(owner, "/sandbox/faults", op="customers.list", kind="empty", phase="before")
    assert done(owner, "/sandbox/faults/1/remove") == "The rule is removed."
    [left] = sandbox.control("GET", "ns/default/faults").json["faults"]
    assert left["op"] == "customers.list"
    done(owner, "/sandbox/faults", op="customers.create", kind="reset", phase="before")
    assert [one.number for one in sandbox.namespaces.find(DEFAULT).faults] == [1, 2]
    assert done(owner, "/sandbox/faults/clear") == "Every rule is removed."
    assert sandbox.control("GET", "ns/default/faults").json["faults"] == []


GOOD = {"op": "customers.list", "kind": "status", "status": "503", "phase": "before"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_makes_a_rule_of_every_kind(kind: str) -> None:
    rule, faults = read_rule(GOOD | {"kind": kind, "seconds": "0.5", "wait": "2", "skip": "1"})
    assert faults == {}
    assert isinstance(rule, FaultRule)
    assert (rule.kind, rule.seconds, rule.wait, rule.skip) == (kind, 0.5, 2, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("op", "customers.nothing"),
        ("kind", "flood"),
        ("status", "418"),
        ("phase", "later"),
        ("times", "-1"),
        ("skip", "x"),
        ("seconds", "61"),
        ("wait", "1.5"),
        ("match", "customer"),
    ],
)
def test_a_value_that_no_rule_takes_is_told_beside_its_field(
    sandbox: SandboxWorld, owner: Seat, field: str, value: str
) -> None:
    assert [*read_rule(GOOD | {field: value})[1]] == [field]
    answer = owner.post("/sandbox/faults", **GOOD | {field: value})
    assert answer.status == 422
    assert f'id="{field}-fault"'.encode() in answer.body
    assert len(sandbox.namespaces.find(DEFAULT).faults) == 0


def test_all_faulty_values_of_a_rule_are_told_at_once() -> None:
    faulty = {"times": "-1", "skip": "x", "seconds": "61", "match": "customer"}
    rule, faults = read_rule(GOOD | faulty)
    assert (rule, {*faults}) == (None, {*faulty})


def test_the_journal_shows_the_newest_requests_and_filters_them(
    sandbox: SandboxWorld, owner: Seat
) -> None:
    ids = [sandbox.ask("GET", READ).headers["x-request-id"] for _ in range(2)]
    missing = sandbox.ask("GET", "/customers/5?keyword=secret-word").headers["x-request-id"]
    page = text(owner, "/sandbox/requests")
    places = [page.index(one) for one in (missing, *ids[::-1])]
    assert places == sorted(places)
    assert missing not in text(owner, f"/sandbox/requests?path={AHMED.id}")
    only = text(owner, "/sandbox/requests?status=404")
    assert missing in only
    assert ids[0] not in only
    assert "No requests here" in text(owner, "/sandbox/requests?status=503")
    assert ids[0] in text(owner, "/sandbox/requests?status=no")


def test_the_journal_goes_on_to_older_requests(sandbox: SandboxWorld, owner: Seat) -> None:
    ids = [sandbox.ask("GET", READ).headers["x-request-id"] for _ in range(SHOWN + 3)]
    page = owner.get(f"/sandbox/requests?path={AHMED.id}", accept_language="en").body.decode()
    assert (ids[3] in page, ids[2] in page) == (True, False)
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    older = owner.browser.get(html.unescape(following[1])).body.decode()
    assert [one in older for one in ids[:4]] == [True, True, True, False]
    assert 'rel="next"' not in older


def test_a_request_is_shown_without_its_values_and_with_the_command_that_has_them(
    sandbox: SandboxWorld, owner: Seat
) -> None:
    path = "/customers?keyword=canary-word&perpage=5"
    body = {"first_name": "canary-name"}
    sandbox.ask("POST", "/customers", None, body)
    request_id = sandbox.ask("GET", path).headers["x-request-id"]
    journal = sandbox.namespaces.find(DEFAULT).journal
    for number in range(1, journal.added + 1):
        assert "canary" not in text(owner, f"/sandbox/requests/{number}")
    page = text(owner, f"/sandbox/requests/{journal.added}")
    assert "keyword, perpage" in page
    assert "?per_page" in page
    assert f"/_/ns/default/requests?id={request_id}" in page
    [entry] = sandbox.control("GET", f"ns/default/requests?id={request_id}").json["requests"]
    assert (entry["id"], entry["query"]) == (request_id, path.partition("?")[2])
    for number in (0, journal.added + 1, "x"):
        assert owner.get(f"/sandbox/requests/{number}").status == 404


def test_a_request_that_a_rule_leaves_unanswered_is_in_the_journal(
    sandbox: SandboxWorld, owner: Seat
) -> None:
    sandbox.control(
        "PUT", "ns/default/faults", {"faults": [{"op": "customers.details", "kind": "html-502"}]}
    )
    assert sandbox.ask("GET", READ).status == 502
    page = text(owner, "/sandbox/requests")
    assert "html-502" in page
    assert "502" in text(owner, "/sandbox/requests?status=5")


def test_a_namespace_is_reset_once_that_is_confirmed(sandbox: SandboxWorld, owner: Seat) -> None:
    sandbox.ask("DELETE", READ)
    assert owner.post("/sandbox/reset").headers["location"] == owner.at("/sandbox/reset")
    assert sandbox.ask("GET", READ).status == 404
    assert "as they were at the beginning" in text(owner, "/sandbox/reset")
    told = done(owner, "/sandbox/reset", confirmed="yes")
    assert told == "The namespace is back at its beginning."
    assert sandbox.ask("GET", READ).status == 200
    assert "Running" in text(owner)


def test_a_reset_that_takes_the_account_with_it_leads_to_the_form_to_sign_in(
    sandbox: SandboxWorld,
) -> None:
    person = seat(world_of(sandbox), "owner")
    answer = person.post("/sandbox/reset", confirmed="yes")
    assert (answer.status, answer.headers["location"]) == (303, "/_/login")


def test_a_snapshot_is_saved_loaded_and_deleted(sandbox: SandboxWorld, owner: Seat) -> None:
    done(owner, "/sandbox/clock/freeze")
    before = sandbox.namespaces.find(DEFAULT).clock.now()
    assert done(owner, "/sandbox/snapshots", snapshot="قبل الحذف") == "The snapshot is saved."
    sandbox.ask("DELETE", READ)
    done(owner, "/sandbox/clock/advance", step="1d")
    assert "قبل الحذف" in text(owner)
    question = re.search(
        r'href="([^"]+/load[?]snapshot=[^"]+)"', owner.get("/sandbox").body.decode()
    )
    assert question is not None
    asked = owner.browser.get(html.unescape(question[1]), accept_language="en")
    assert b"all that changed since is lost" in asked.body
    done(owner, "/sandbox/snapshots/load", snapshot="قبل الحذف")
    assert sandbox.namespaces.find(DEFAULT).clock.now() == before
    assert sandbox.ask("GET", READ).status == 200
    done(owner, "/sandbox/snapshots/delete", snapshot="قبل الحذف")
    assert owner.browser.get(html.unescape(question[1])).headers["location"] == owner.at("/sandbox")
    assert owner.post("/sandbox/snapshots/load", snapshot="قبل الحذف").status == 404


def test_the_name_of_a_snapshot_is_shown_as_text(owner: Seat) -> None:
    done(owner, "/sandbox/snapshots", snapshot="before <b>the import")
    shown = owner.get("/sandbox").body.decode()
    assert "before &lt;b&gt;the import" in shown
    assert "before <b>" not in shown


@pytest.mark.parametrize("name", ["", " ", "a/b", "x" * 65, "a\nb"])
def test_a_name_that_no_snapshot_may_have_is_refused(owner: Seat, name: str) -> None:
    assert owner.post("/sandbox/snapshots", snapshot=name).status == 422


def test_there_are_as_many_snapshots_as_the_control_api_allows(
    sandbox: SandboxWorld, owner: Seat
) -> None:
    namespace = sandbox.namespaces.find(DEFAULT)
    one = sandbox.run(namespace.save("first"))
    namespace.snapshots |= {f"s{number}": one for number in range(MAX_SNAPSHOTS - 1)}
    answer = owner.post("/sandbox/snapshots", snapshot="one more")
    assert answer.status == 422


def test_another_namespace_has_pages_of_its_own(sandbox: SandboxWorld) -> None:
    sandbox.create("t1")
    other = sandbox.namespaces.find("t1").clock
    done(owner_of(sandbox), "/sandbox/clock/freeze")
    assert sandbox.namespaces.find(DEFAULT).clock.is_frozen
    assert not other.is_frozen


def test_the_rows_of_a_file_are_reset_too(tmp_path: object) -> None:
    with sandbox_with(data_dir=str(tmp_path)) as sandbox:
        owner = owner_of(sandbox)
        sandbox.ask("DELETE", READ)
        assert done(owner, "/sandbox/reset", confirmed="yes")
        assert sandbox.ask("GET", READ).status == 200
