"""`sijill mirror` and `sijill drift`: a copy is linked, compared and ended at a terminal."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from cli.operating import Operator
from database.canonical import sqlite_tables
from fixtures.browsing import hidden
from fixtures.logs import log_as_it_was
from fixtures.world import Answer

from sijill.cli import mirror_linking
from sijill.mirror.upstream.model import Link
from sijill.register import Register
from sijill.testing.salla import Salla

AHMED = 2075683582
SEED: dict[str, Any] = {
    "store": {"profile": "observed"},
    "customers": [
        {"id": AHMED, "first_name": "Ahmed", "email": "ahmed@example.com"},
        *(
            {"id": number, "first_name": f"Name {number}", "email": f"c{number}@example.com"}
            for number in range(2, 9)
        ),
    ],
}
SECRET = "a-secret-of-webhooks"

pytestmark = pytest.mark.salla(seed=SEED)


class Copy:
    """An operator whose shop is linked to a namespace."""

    def __init__(self, operator: Operator, salla: Salla) -> None:
        self.operator, self.salla = operator, salla

    def type(self, *words: str, code: int = 0, data: str | None = None) -> str:
        with log_as_it_was():
            return self.operator.type(*words, code=code, data=data).output

    def link(self, *more: str, code: int = 0, data: str | None = None) -> str:
        """Link with the addresses of the namespace."""
        base = self.salla.url.removesuffix("/admin/v2")
        where = ("--upstream-url", self.salla.url, "--upstream-accounts", base)
        words = ("mirror", "link", "--store", "shop", *where, "--upstream-targets", "local")
        return self.type(*words, *more, code=code, data=data)

    def ask(self, *words: str, code: int = 0) -> str:
        """Type a command that asks upstream."""
        return self.type(*words, "--upstream-targets", "local", code=code)

    def kept(self) -> set[str]:
        """Return the tables of the mirror that have rows of a store."""
        tables = sqlite_tables(self.operator.folder / "data" / "sijill.db")
        of_stores = [one for one in tables if "store_id" in one.columns and one.rows]
        return {one.name for one in of_stores if one.name.startswith("mirror_")}

    def stored(self) -> Link:
        store = self.operator.json("store", "list")[0]["id"]
        found = self.operator.ask(lambda register: register.mirror_links.find(int(str(store))))
        assert found is not None
        return found


@pytest.fixture
def copy(shop: Operator, salla: Salla) -> Copy:
    return Copy(shop, salla)


@pytest.fixture
def linked(copy: Copy) -> Copy:
    copy.link("--token-file", "-", data=copy.salla.token)
    return copy


def test_a_token_links_a_store_and_is_sealed(copy: Copy, tmp_path: Path) -> None:
    (tmp_path / "refresh").write_text(copy.salla.refresh_token + "\n")
    (tmp_path / "secret").write_text(copy.salla.client_secret)
    (tmp_path / "hooks").write_text(SECRET)
    said = copy.link(
        *("--token-file", "-", "--refresh-token-file", "refresh", "--expires", "14d"),
        *("--client-id", copy.salla.client_id, "--client-secret-file", "secret"),
        *("--webhook-secret-file", "hooks"),
        data=copy.salla.token,
    )
    assert f"is linked to {copy.salla.url}" in said
    assert "/_/mirror/" in said
    link = copy.stored()
    assert (link.access, link.refresh) == (copy.salla.token, copy.salla.refresh_token)
    assert (link.webhook_secret, link.client_secret) == (SECRET, copy.salla.client_secret)
    assert link.expires_at is not None
    assert link.merchant is not None
    for secret in (link.access, link.refresh, SECRET, link.client_secret):
        assert not copy.operator.keeps(str(secret))


async def halt(register: Register) -> None:
    [store] = await register.mirror.all()
    await register.mirror.set_trouble(store.store_id, "halted", "guard")


STATE, BACK = "5eed" * 8, "https://app.example/back"


OWNER = {"name": "Noura", "email": "noura@example.com", "password": "a password of Noura"}
APP = {
    "name": "mirror",
    "client_id": "a-mirror",
    "client_secret": "a-secret-of-the-mirror",
    "redirect_uris": [BACK],
    "scopes": ["customers.read", "offline_access"],
}


def consent(salla: Salla, url: str) -> str:
    """Let the app in as the owner of the namespace, and return where the browser comes to."""
    place = urlsplit(salla.url).path.removesuffix("/admin/v2")
    with httpx.Client(base_url=salla.url.partition("/_/ns/")[0], follow_redirects=True) as web:

        def submit(page: httpx.Response, action: str, fields: dict[str, str]) -> httpx.Response:
            shown = Answer(page.status_code, {}, page.content)
            headers = {"Origin": str(web.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
            return web.post(
                action,
                data={**hidden(shown, action), **fields},
                headers=headers,
                follow_redirects=action.endswith("/login"),
            )

        typed = {"email": OWNER["email"], "password": OWNER["password"]}
        page = submit(web.get(url), f"{place}/_/login", typed)
        store = re.search(r'name="store"[^>]*value="([0-9]+)"', page.text)
        fields = {"answer": "allow"} | ({"store": store[1]} if store else {})
        return submit(page, f"{place}/oauth2/auth", fields).headers["location"]


@pytest.mark.salla(seed=SEED | {"owners": [OWNER], "apps": [APP]})
def test_an_app_of_ones_own_gets_its_tokens(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_linking.secrets, "token_hex", lambda _: STATE)
    query = {
        "client_id": "a-mirror",
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": "offline_access",
        "state": STATE,
    }
    base = copy.salla.url.removesuffix("/admin/v2")
    address = f"{base}/oauth2/auth?{urlencode(query)}"
    (tmp_path / "secret").write_text("a-secret-of-the-mirror")
    said = copy.link(
        *("--client-id", "a-mirror", "--client-secret-file", "secret", "--redirect-uri", BACK),
        data=consent(copy.salla, address) + "\n",
    )
    assert f"Open {address}" in said
    link = copy.stored()
    assert link.refresh is not None
    assert link.expires_at is not None
    assert copy.ask("mirror", "verify", str(AHMED), code=2)


def test_an_answer_to_another_request_links_nothing(copy: Copy) -> None:
    said = copy.link(
        *("--client-id", copy.salla.client_id, "--redirect-uri", BACK),
        code=64,
        data=f"{BACK}?code=stolen&state=wrong\n",
    )
    (address,) = (line for line in said.splitlines() if line.startswith("Open "))
    query = parse_qs(urlsplit(address.removeprefix("Open ")).query)
    assert query["client_id"] == [copy.salla.client_id]
    assert (query["redirect_uri"], query["scope"]) == ([BACK], ["offline_access"])
    assert "-" not in query["state"][0]
    assert "no answer to this request" in said


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        ((), "--token-file, or --client-id", 64),
        (("--token-file", "-"), "refuses the token", 1),
    ],
)
def test_what_cannot_be_linked_is_told(
    copy: Copy, words: tuple[str, ...], said: str, code: int
) -> None:
    assert said in copy.link(*words, code=code, data="sjl_at_nonsense")
    assert "is not linked" in copy.type("mirror", "pause", "--store", "shop", code=1)


def test_a_store_with_customers_of_its_own_is_not_linked(copy: Copy, tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text('{"id":5,"email":"own@example.com"}\n')
    copy.type("import", "own.jsonl", "--store", "shop")
    said = copy.link("--token-file", "-", code=1, data=copy.salla.token)
    assert "1 customers of its own" in said


def test_a_second_link_replaces_tokens_alone(linked: Copy) -> None:
    first = linked.stored()
    linked.link("--token-file", "-", data=linked.salla.token)
    assert linked.stored().pair == first.pair + 1


def test_verify_takes_over_what_upstream_says_and_tells_a_gap(linked: Copy) -> None:
    said = linked.ask("mirror", "verify", str(AHMED), code=2)
    assert said == f"{AHMED}: created; different: (missing here)\n"
    assert linked.ask("mirror", "verify", str(AHMED)) == f"{AHMED}: confirmed; different: nothing\n"
    linked.salla.client.put(f"/customers/{AHMED}", json={"first_name": "Hamad"})
    said = linked.ask("mirror", "verify", str(AHMED), code=2)
    assert "changed; different:" in said
    assert "first_name" in said
    assert "Hamad" not in said


def test_compare_tells_names_of_keys_and_no_values(linked: Copy) -> None:
    for number in (AHMED, 2, 3):
        linked.ask("mirror", "verify", str(number), code=2)
    assert linked.ask("mirror", "compare", "--sample", "9") == "3 compared, 0 different\n"
    linked.salla.client.put("/customers/3", json={"first_name": "Hamad"})
    linked.salla.client.delete("/customers/2")
    said = linked.ask("mirror", "compare", "--sample", "9", code=2)
    assert "3 compared, 2 different" in said
    assert "first_name" in said
    assert "(gone upstream)" in said
    assert "Hamad" not in said


def test_check_asks_less_than_a_hundred_times_and_prints_nobody(linked: Copy) -> None:
    before = len(linked.salla.requests)
    said = linked.ask("mirror", "check", "--json")
    assert len(linked.salla.requests) - before < 100
    assert all(request.method == "GET" for request in linked.salla.requests)
    assert '"differs"' not in said
    for secret in (str(AHMED), "Ahmed", "ahmed@example.com", "Name 2"):
        assert secret not in said


def test_check_tells_what_differs(linked: Copy) -> None:
    linked.salla.faults.add("customers.list", status=500, times=1)
    said = linked.ask("mirror", "check", "--json", code=2)
    assert "List Customers answers 500" in said


def test_drift_is_told_when_it_is_new(linked: Copy) -> None:
    assert "0 keys differ" in linked.ask("drift", "check")


def test_a_pause_ends_and_a_release_is_told(linked: Copy) -> None:
    assert "asks for nothing" in linked.type("mirror", "pause")
    assert "is linked again" in linked.type("mirror", "resume")
    assert "is not halted, but linked" in linked.type("mirror", "release", code=1)
    linked.operator.ask(halt)
    assert "goes on" in linked.type("mirror", "release")
    assert linked.operator.json("mirror", "tombstones") == []


def test_each_change_of_a_copy_is_in_the_audit_log(linked: Copy) -> None:
    def fields() -> list[Any]:
        listed = linked.operator.json("audit", "list", "--action", "mirror.update")
        return [(row["through"], row["fields"]) for row in reversed(listed)]

    for verb, field in (
        ("pause", "paused"),
        ("resume", "paused"),
        ("sweep", "sweep_wanted"),
        ("backfill", "stage"),
    ):
        linked.type("mirror", verb)
        assert fields()[-1] == (f"cli: mirror {verb}", [field])
    linked.operator.ask(halt)
    linked.type("mirror", "release")
    assert fields()[-1] == ("cli: mirror release", ["trouble"])
    assert len(fields()) == 5


@pytest.mark.parametrize(("how", "left"), [("--keep", 1), ("--erase", 0)])
def test_an_unlinked_store_keeps_its_customers_or_loses_them(
    linked: Copy, how: str, left: int
) -> None:
    linked.ask("mirror", "verify", str(AHMED), code=2)
    assert linked.kept() >= {"mirror_stores", "mirror_links", "mirror_customers", "mirror_shapes"}
    assert "say what becomes" in linked.type("mirror", "unlink", code=64)
    linked.type("mirror", "unlink", how, "--yes")
    assert "is not linked" in linked.type("mirror", "pause", code=1)
    assert linked.kept() == set()
    found = linked.operator.json("customer", "find", "Ahmed", "--store", "shop")
    assert len(found) == left
    told = [row["action"] for row in linked.operator.json("audit", "list")]
    assert {"store.link", "store.unlink"} <= {*told}
    assert not linked.operator.keeps(linked.salla.token)


def test_a_server_that_is_away_is_told(copy: Copy) -> None:
    said = copy.type(
        *("mirror", "link", "--store", "shop", "--token-file", "-"),
        *("--upstream-url", copy.salla.dead_url, "--upstream-targets", "local"),
        *("--upstream-accounts", copy.salla.dead_url.removesuffix("/admin/v2")),
        code=1,
        data=copy.salla.token,
    )
    assert "gave no answer: connect" in said
