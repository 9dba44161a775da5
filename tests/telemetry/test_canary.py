"""Unique secrets and personal values go through every route; none comes out where it must not."""

import json
import logging
import re
import secrets
import sys
from base64 import b64encode
from datetime import timedelta
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fixtures.browsing import Browser, hidden, sent_with
from fixtures.logs import WrittenLog
from fixtures.oauth import CALLBACK, CHALLENGE, EMAIL, PASSWORD, SECRET, VERIFIER, Scene, scene
from fixtures.routes import ROUTER
from fixtures.world import POLICY, Answer, World, customer

from sijill.errors import Unavailable
from sijill.oauth.tokens import SETUP, digest, mint
from sijill.openapi.operation import FORM
from sijill.telemetry.logs import RequestLog

pytestmark = pytest.mark.proves(
    "names, mobiles, e-mails and tokens, kept or sent in a body, are in no log "
    "line, metric or error"
)

MOBILE = 500_000_000 + secrets.randbelow(99_999_999)
CANARIES = {
    "first_name": "Cn" + secrets.token_hex(8),
    "last_name": "Cl" + secrets.token_hex(8),
    "email": f"{secrets.token_hex(8)}@canary.example",
    "city": "Cc" + secrets.token_hex(8),
    "location": "Co" + secrets.token_hex(8),
    "mobile": str(MOBILE),
    "id": str(1_500_000_000 + secrets.randbelow(99_999_999)),
    "guess": "guess-" + secrets.token_hex(12),
    "query": "q" + secrets.token_hex(8),
    "sent": "s" + secrets.token_hex(8),
}
SENT = CANARIES["sent"]
FIELDS = (
    *("first_name", "last_name", "mobile", "mobile_code_country", "email", "gender", "birthday"),
    *("country_code", "reason", "name", "customers", "points", "amount"),
)
"""Names of fields that routes read, with values that most of them refuse."""

BODIES: list[tuple[str, bytes]] = [
    ("application/json", json.dumps(body).encode())
    for body in (
        dict.fromkeys(FIELDS, SENT + "\u202e@" * 200),
        {name: [SENT] for name in FIELDS},
        {"groups": [SENT], "first_name": SENT + "\0"},
        {"mobile": CANARIES["mobile"] + "5" * 20, "mobile_code_country": SENT},
        {"email": CANARIES["email"], "first_name": CANARIES["first_name"]},
        [SENT],
    )
]
BODIES += [
    ("application/json", b'{"email": "' + SENT.encode()),
    (FORM, b"email=%s&email=%%ff" % SENT.encode()),
    (FORM, b"email=%s&reason[]=x" % SENT.encode()),
]
"""Bodies that hold canaries, most of them refused: by rule, as no JSON, as no form."""


class Failing:
    """A database whose words hold a customer's data, as PostgreSQL's do."""

    def __init__(self, away: bool) -> None:
        self.away = away

    async def find(self, *_: Any, **__: Any) -> None:
        try:
            raise RuntimeError(f"Key (email_key)=({CANARIES['email']}) already exists")
        except RuntimeError as error:
            if self.away:
                raise Unavailable from error
            raise ValueError(CANARIES["first_name"]) from error

    row = find
    page = find
    change = find
    delete = find


def send_everything(world: World) -> list[bytes]:
    """Send every body to every route that writes, and return the bodies of the refusals."""
    refusals = []
    for route in ROUTER.routes:
        if route.method not in ("POST", "PUT"):
            continue
        path = re.sub(r"\{\w+\}", CANARIES["id"], route.path)
        for content_type, body in BODIES:
            for headers in ({}, {"if_match": SENT, "idempotency_key": SENT + " "}):
                answer = world.send(route.method, path, body, content_type=content_type, **headers)
                if answer.status >= 400:
                    refusals.append(answer.body)
    return refusals


def ask_everything(world: World) -> list[bytes]:
    """Ask every route in every way that is refused, and return the bodies of the refusals."""
    refusals = []
    tokens = ["", None, CANARIES["guess"], world.mint(world.store, "")]
    tokens.append(world.mint(world.other_store))
    paths = [re.sub(r"\{\w+\}", CANARIES["id"], route.path) for route in ROUTER.routes]
    paths += [f"/customers/{CANARIES['query']}", f"/{CANARIES['query']}"]
    for path in paths:
        for query in ("", f"?keyword={CANARIES['query']}&date_from={CANARIES['query']}"):
            for method in ("GET", "HEAD", "DELETE"):
                for token in tokens:
                    answer = world.ask(
                        method,
                        path + query,
                        token,
                        x_request_id=CANARIES["mobile"],
                        accept_language=CANARIES["query"],
                        user_agent=CANARIES["query"],
                    )
                    if answer.status >= 400:
                        refusals.append(answer.body)
    return refusals


def told(bodies: list[bytes]) -> str:
    """Return what refusals say; a page links to itself, in the other language, by its query."""
    return re.sub(r'href="[^"]*"', "", str(bodies))


def test_no_canary_is_in_a_log_line_a_metric_or_an_error_body(
    world: World, written: WrittenLog
) -> None:
    kept = customer(
        int(CANARIES["id"]),
        mobile=MOBILE,
        mobile_code="966",
        **{n: CANARIES[n] for n in ("first_name", "last_name", "email", "city", "location")},
    )
    world.keep(world.store, kept)
    world.change(journal=written.journal)
    shown = world.get(f"/customers/{CANARIES['id']}").body.decode()
    assert CANARIES["email"] in shown  # the canaries do sing where they may
    world.change(policy=POLICY._replace(customers=None, plans=False))
    bodies = ask_everything(world) + send_everything(world)
    assert any(b'"status":422' in body for body in bodies)
    assert any(b'"status":400' in body for body in bodies)
    for away in (False, True):
        world.change(customers=Failing(away))
        bodies += ask_everything(world) + send_everything(world)
    logging.getLogger("asyncio").error("a task with %s", CANARIES["email"])
    logging.getLogger("a.library").warning(CANARIES["mobile"], exc_info=ValueError(CANARIES["id"]))

    log, metrics = written.text, world.get("/metrics", None).body.decode()
    assert len(log.splitlines()) > 200
    assert '"status":500' in log
    assert '"status":503' in log
    assert "ValueError" in log
    secret = [world.token, world.writer, *CANARIES.values()]
    for place, text in (("log", log), ("metrics", metrics), ("errors", told(bodies))):
        assert [value for value in secret if value in text] == [], place


def test_a_process_and_a_thread_that_end_of_a_fault_leave_its_words_out(
    written: WrittenLog,
) -> None:
    def fail() -> None:
        try:
            raise ValueError(CANARIES["email"])
        except ValueError as fault:
            raise KeyError(CANARIES["id"]) from fault

    thread = Thread(target=fail)
    thread.start()
    thread.join()
    with pytest.raises(KeyError) as caught:
        fail()
    sys.excepthook(caught.type, caught.value, caught.tb)
    lines = [json.loads(line) for line in written.text.splitlines()]
    assert [(line["event"], line["fault"]) for line in lines] == [
        ("crashed", "builtins.KeyError < builtins.ValueError")
    ] * 2
    assert all("test_canary.py" in line["at"][-1] for line in lines)
    assert CANARIES["email"] not in written.text
    assert CANARIES["id"] not in written.text


def test_a_line_of_the_log_is_json_with_the_request_id(world: World, written: WrittenLog) -> None:
    world.change(journal=written.journal)
    answer = world.get("/customers/1")
    (line,) = [json.loads(text) for text in written.text.splitlines()]
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["event"], line["route"], line["status"]) == (
        "request",
        "/customers/{customer}",
        404,
    )


def test_the_access_log_is_a_setting(world: World, written: WrittenLog) -> None:
    world.change(journal=RequestLog(None))
    world.get("/customers/1")
    assert written.text == ""


# OAuth

STATE = "state-" + secrets.token_hex(8)
WRONG = {
    "password": "wrong-pw-" + secrets.token_hex(8),
    "email": f"{secrets.token_hex(8)}@nobody.example",
    "client": "client-" + secrets.token_hex(8),
    "secret": "wrong-cs-" + secrets.token_hex(8),
    "redirect": f"https://{secrets.token_hex(8)}.example/callback",
    "scope": "scope" + secrets.token_hex(8),
    "code": "sjl_ac_" + secrets.token_hex(8),
    "refresh": "sjl_rt_" + secrets.token_hex(8),
    "verifier": secrets.token_hex(32),
    "cookie": "sjl_ws_" + secrets.token_hex(8),
    "form": "token-" + secrets.token_hex(8),
    "link": "sjl_su_" + secrets.token_hex(8),
}
"""Values sent where a secret is expected, all of them refused."""


class Quoting:
    """A database that says in every fault what it was asked with, and that it is away or broken."""

    def __init__(self, away: bool, secret: list[str]) -> None:
        self._away = away
        self._secret = " ".join(secret)

    def by(self, cause: object) -> "Quoting":
        return self

    def __getattr__(self, name: str) -> Any:
        async def fails(*given: Any, **named: Any) -> None:
            try:
                raise RuntimeError(f"{self._secret} {given} {named}")
            except RuntimeError as error:
                raise Unavailable if self._away else ValueError(self._secret) from error

        return fails


def set_up(world: World, browser: Browser) -> list[str]:
    """Make the first owner by a link, with faults before it and after it; return what is secret."""
    link, password = mint(SETUP), "pw-" + secrets.token_hex(8)
    email = f"{secrets.token_hex(8)}@first.example"
    assert world.run(
        world.register.people.offer_set_up(digest(link), world.moment + timedelta(minutes=5))
    )
    browser.get(f"/_/setup?link={WRONG['link']}")
    page = browser.get(f"/_/setup?link={link}")
    told = {"name": CANARIES["first_name"], "email": email, "password": password}
    for fields in (told | {"password": password[:8]}, told | {"token": WRONG["form"]}, told, told):
        browser.submit(page, "/_/setup", fields)
    assert "__Host-sijill" in browser.cookies
    made = [link, password, password[:8], email, hidden(page, "/_/setup")["token"]]
    return made + list(browser.cookies.values())


def sign_in_badly_and_well(oauth: Scene) -> list[str]:
    browser = oauth.browser
    browser.cookies["__Host-sijill"] = WRONG["cookie"]
    page = browser.get(f"/_/login?{urlencode({'onward': oauth.ask(state=STATE)})}")
    for email in (EMAIL, WRONG["email"]):
        for _ in range(12):
            fields = {"email": email, "password": WRONG["password"]}
            answer = browser.submit(page, "/_/login", fields)
    assert answer.status == 429
    browser.submit(page, "/_/login", {"email": EMAIL, "token": WRONG["form"]})
    oauth.world.clock.now += 3600
    oauth.sign_in()
    return [hidden(page, "/_/login")["token"], *browser.cookies.values()]


def ask_badly_and_well(oauth: Scene) -> list[str]:
    """Ask for consent in every way; return codes and form tokens."""
    bad: list[dict[str, str | None]] = [
        {"client_id": WRONG["client"]},
        {"redirect_uri": WRONG["redirect"]},
        {"scope": WRONG["scope"]},
        {"response_type": STATE},
        {"code_challenge": WRONG["verifier"], "code_challenge_method": "S256"},
    ]
    for changes in bad:
        oauth.browser.get(oauth.ask(**{"state": STATE} | changes))
    oauth.browser.get(oauth.ask(state=STATE) + f"&state={STATE}&client_id={WRONG['client']}")
    page = oauth.browser.get(oauth.ask(state=STATE))
    oauth.browser.submit(page, "/oauth2/auth", {"token": WRONG["form"]})
    oauth.browser.submit(page, "/oauth2/auth", {"answer": "allow", "store": WRONG["secret"]})
    assert sent_with(oauth.consent("deny", state=STATE))["error"] == "access_denied"
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    codes = [oauth.code(state=STATE), oauth.code(state=STATE, **proof)]
    return [*codes, hidden(page, "/oauth2/auth")["token"]]


def exchange_badly_and_well(oauth: Scene, code: str, proven: str) -> list[str]:
    """Use and misuse codes, tokens and secrets; return tokens."""
    basic = b64encode(f"crm:{WRONG['secret']}".encode()).decode()
    told: list[Answer] = [
        oauth.exchange(code, client_secret=WRONG["secret"]),
        oauth.exchange(code, client_id=WRONG["client"]),
        oauth.token({"authorization": f"Basic {basic}"}, client_id=None, client_secret=None),
        oauth.token({"authorization": f"Basic {basic}"}, code=code),
        oauth.token({"content_type": "application/json"}, code=code, code_verifier=VERIFIER),
        oauth.exchange(WRONG["code"]),
        oauth.exchange(code, redirect_uri=WRONG["redirect"]),
        oauth.exchange(proven, code_verifier=WRONG["verifier"]),
        oauth.refresh(WRONG["refresh"]),
        oauth.token(None, grant_type=STATE, code=code),
    ]
    assert all(answer.status in (400, 401) for answer in told)
    pairs = [oauth.exchange(code).json, oauth.exchange(proven, code_verifier=VERIFIER).json]
    pairs.append(oauth.refresh(pairs[0]["refresh_token"]).json)
    oauth.world.get("/customers", pairs[2]["access_token"])
    oauth.refresh(pairs[2]["refresh_token"], scope=WRONG["scope"])
    oauth.refresh(pairs[0]["refresh_token"])
    oauth.exchange(code)
    assert not oauth.lives(pairs[2]["access_token"])
    return [pair[name] for pair in pairs for name in ("access_token", "refresh_token")]


def ask_of_a_broken_database(oauth: Scene, secret: list[str]) -> None:
    """Send what is good once more to databases that quote it."""
    world, stranger = oauth.world, Browser(oauth.world)
    page = stranger.get("/_/login")
    kept = {n: getattr(world.register, n) for n in ("apps", "grants", "people", "sessions")}
    for name in kept:
        for away in (False, True):
            world.change(**kept | {name: Quoting(away, secret)})
            for path in (oauth.ask(state=STATE), f"/_/setup?link={WRONG['link']}", "/_/login"):
                oauth.browser.get(path)
            stranger.submit(page, "/_/login", {"email": EMAIL, "password": PASSWORD})
            oauth.exchange(WRONG["code"])
            oauth.refresh(WRONG["refresh"])
    world.change(**kept)


@pytest.mark.parametrize("written", ["json", "text"], indirect=True)
def test_no_secret_of_oauth_is_in_a_log_line_or_a_metric(world: World, written: WrittenLog) -> None:
    world.change(journal=written.journal)
    secret = set_up(world, Browser(world))
    oauth = scene(world)
    secret += sign_in_badly_and_well(oauth)
    agreed = ask_badly_and_well(oauth)
    secret += agreed + exchange_badly_and_well(oauth, *agreed[:2])
    secret += [EMAIL, PASSWORD, SECRET, VERIFIER, CHALLENGE, CALLBACK, STATE, *WRONG.values()]
    ask_of_a_broken_database(oauth, secret)

    log, metrics = written.text, world.get("/metrics", None).body.decode()
    assert len(log.splitlines()) > 80
    assert "/oauth2/token" in log
    assert "RuntimeError" in log
    assert all(value for value in secret)
    for place, text in (("log", log), ("metrics", metrics)):
        assert [value for value in secret if value in text or quote(value) in text] == [], place
