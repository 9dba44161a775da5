"""
Authorization and tokens over HTTP, one row per rule.

Numbers in the tables are those of OWASP ASVS 5, chapter V10.4.
"""

import json
import re
import shlex
from base64 import b64encode
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from fixtures.browsing import Browser, sent_with
from fixtures.oauth import (
    CALLBACK,
    CHALLENGE,
    EMAIL,
    PASSWORD,
    SECRET,
    STATE,
    VERIFIER,
    WAYS,
    Scene,
    scene,
)
from fixtures.redirects import HOSTILE
from fixtures.tables import rows
from fixtures.world import Answer, World
from msgspec.structs import replace

from sijill.customers.examples import AHMED
from sijill.oauth.refusals import GRANT
from sijill.webhooks.places import Places

pytestmark = pytest.mark.proves(
    "a browser is redirected only to registered redirect URIs, for every request"
)

REUSED = {"error": "invalid_grant", "error_description": GRANT}


@pytest.fixture
def oauth(world: World) -> Scene:
    made = scene(world)
    made.sign_in()
    return made


def refused(answer: Answer, status: int, error: str) -> None:
    assert (answer.status, answer.json["error"]) == (status, error), answer.body
    assert set(answer.json) == {"error", "error_description"}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.proves(
    "`GET /oauth2/auth`",
    "`POST /oauth2/auth`",
    "`POST /oauth2/token`: from an owner's consent to the tokens",
)
def test_an_owner_agrees_and_the_app_reads_customers(oauth: Scene) -> None:
    back = oauth.consent()
    assert back.headers["location"].startswith(f"{CALLBACK}?code=")
    sent = sent_with(back)
    assert sent["state"] == STATE
    assert sent["scope"] == "customers.read_write settings.read offline_access"
    answer = oauth.exchange(sent["code"])
    assert answer.status == 200
    assert list(answer.json) == [
        *("access_token", "expires", "expires_in", "refresh_token", "scope", "token_type")
    ]
    now = oauth.world.clock.now
    assert answer.json["expires_in"] == 14 * 86400
    assert answer.json["expires"] == int(now) + 14 * 86400
    assert answer.json["token_type"] == "bearer"
    assert answer.json["scope"] == sent["scope"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    access = answer.json["access_token"]
    assert oauth.world.get(f"/admin/v2/customers/{AHMED.id}", access).status == 200


@pytest.mark.proves("the owner who let the app in")
def test_user_info_names_the_owner_who_installed_the_app(oauth: Scene) -> None:
    access = oauth.pair()["access_token"]
    for prefix in ("", "/admin/v2"):
        told = oauth.world.get(f"{prefix}/oauth2/user/info", access).json["data"]
        assert (told["id"], told["name"], told["email"]) == (21, "Noura", EMAIL)
        assert told["mobile"] == "+966500000001"
        assert told["merchant"]["id"] == oauth.world.store.id
        assert told["context"]["scope"].split() == [
            "customers.read_write",
            "offline_access",
            "settings.read",
        ]
        assert told["created_at"] == "2027-01-15 11:00:00"


def test_user_info_names_the_oldest_owner_to_an_app_that_the_operator_installed(
    oauth: Scene,
) -> None:
    told = oauth.world.get("/oauth2/user/info", oauth.world.token).json["data"]
    assert (told["id"], told["email"], told["merchant"]["id"]) == (21, EMAIL, oauth.world.store.id)
    other = oauth.world.mint(oauth.world.other_store)
    stranger = oauth.world.get("/oauth2/user/info", other).json["data"]
    assert (stranger["id"], stranger["email"], stranger["created_at"]) == (2, "", "")


def test_a_refresh_gives_a_new_pair_and_ends_the_old_one(oauth: Scene) -> None:
    first = oauth.pair()
    second = oauth.refresh(first["refresh_token"]).json
    assert second["refresh_token"] != first["refresh_token"]
    assert oauth.lives(second["access_token"])
    assert not oauth.lives(first["access_token"])


# The negative table


@pytest.mark.proves("`code`")
def test_a_code_is_single_use_and_its_second_use_revokes_its_tokens_10_4_2(oauth: Scene) -> None:
    code = oauth.code()
    pair = oauth.exchange(code).json
    assert oauth.lives(pair["access_token"])
    refused(oauth.exchange(code), 401, "invalid_grant")
    assert not oauth.lives(pair["access_token"])
    refused(oauth.refresh(pair["refresh_token"]), 400, "invalid_grant")


def test_a_code_lives_sixty_seconds_10_4_3(oauth: Scene) -> None:
    code, late = oauth.code(), oauth.code()
    oauth.world.clock.now += 59
    assert oauth.exchange(code).status == 200
    oauth.world.clock.now += 1
    refused(oauth.exchange(late), 400, "invalid_grant")


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"redirect_uri": CALLBACK + "/"}, "another redirect_uri"),
        ({"redirect_uri": None}, "no redirect_uri where the request named one"),
        ({"code_verifier": VERIFIER}, "a verifier without a challenge: downgrade"),
        ({"code": "sjl_ac_nothing"}, "an unknown code"),
        ({"code": "日本"}, "no code at all"),
    ],
)
def test_a_code_that_does_not_match_is_refused_and_stays_unused_10_4_1(
    oauth: Scene, fields: dict[str, str | None], rule: str
) -> None:
    code = oauth.code()
    form: dict[str, Any] = {"code": code, "redirect_uri": CALLBACK, **fields}
    refused(oauth.token(None, grant_type="authorization_code", **form), 400, "invalid_grant")
    assert oauth.exchange(code).status == 200


def test_a_code_is_bound_to_its_client(oauth: Scene) -> None:
    code = oauth.code()
    other = {"client_id": "mobile", "client_secret": None}
    refused(oauth.exchange(code, **other), 400, "invalid_grant")
    assert oauth.exchange(code).status == 200


def test_a_refresh_token_is_bound_to_its_client(oauth: Scene) -> None:
    pair = oauth.pair()
    other = {"client_id": "mobile", "client_secret": None}
    refused(oauth.refresh(pair["refresh_token"], **other), 400, "invalid_grant")
    assert oauth.refresh(pair["refresh_token"]).status == 200


@pytest.mark.proves("`grant_type`")
@pytest.mark.parametrize("grant_type", ["password", "client_credentials", "implicit", "CODE"])
def test_no_other_grant_is_known_10_4_4(oauth: Scene, grant_type: str) -> None:
    refused(oauth.token(None, grant_type=grant_type), 400, "unsupported_grant_type")


@pytest.mark.proves("`response_type`")
@pytest.mark.parametrize("response_type", ["token", "id_token", "code token", None])
def test_no_other_response_type_is_known_10_4_4(oauth: Scene, response_type: str | None) -> None:
    sent = sent_with(oauth.browser.get(oauth.ask(response_type=response_type)))
    assert sent["error"] == "unsupported_response_type"
    assert sent["state"] == STATE


@pytest.mark.proves("`refresh_token`")
def test_a_refresh_token_used_twice_ends_the_family_10_4_5(oauth: Scene) -> None:
    first, other = oauth.pair(), oauth.pair()
    second = oauth.refresh(first["refresh_token"]).json
    again = oauth.refresh(first["refresh_token"])
    assert (again.status, again.json) == (401, REUSED)
    assert not oauth.lives(second["access_token"])
    refused(oauth.refresh(second["refresh_token"]), 400, "invalid_grant")
    assert oauth.lives(other["access_token"])


PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, "invalid_request"),
        (PKCE | {"code_challenge_method": "plain"}, "invalid_request"),
        (PKCE | {"code_challenge_method": None}, "invalid_request"),
        (PKCE | {"code_challenge": "short"}, "invalid_request"),
        (PKCE | {"code_challenge": None}, "invalid_request"),
    ],
)
def test_a_public_client_must_send_a_challenge_by_s256_10_4_6(
    oauth: Scene, asked: dict[str, str | None], error: str
) -> None:
    where = {"client_id": "mobile", "redirect_uri": "http://127.0.0.1:51234/callback"}
    back = oauth.browser.get(oauth.ask(**where | asked))
    assert back.headers["location"].startswith("http://127.0.0.1:51234/callback?error=")
    assert sent_with(back)["error"] == error


def test_a_public_client_authenticates_by_its_verifier_10_4_6(oauth: Scene) -> None:
    uri = "http://127.0.0.1:51234/callback"
    code = oauth.code(client_id="mobile", redirect_uri=uri, **PKCE)
    form = {"client_id": "mobile", "client_secret": None, "redirect_uri": uri}
    for wrong in (None, "x" * 43, VERIFIER[:42]):
        refused(oauth.exchange(code, **form, code_verifier=wrong), 400, "invalid_grant")
    answer = oauth.exchange(code, **form, code_verifier=VERIFIER)
    assert answer.status == 200
    assert oauth.refresh(answer.json["refresh_token"], client_id="mobile", client_secret=None)


def test_a_code_with_a_challenge_needs_the_verifier_of_a_confidential_client_10_4_6(
    oauth: Scene,
) -> None:
    code = oauth.code(**PKCE)
    refused(oauth.exchange(code), 400, "invalid_grant")
    assert oauth.exchange(code, code_verifier=VERIFIER).status == 200


def test_a_refresh_token_expires_absolutely_10_4_8(oauth: Scene) -> None:
    pair = oauth.pair()
    oauth.world.clock.now += 30 * 86400 - 1
    kept = oauth.refresh(pair["refresh_token"]).json
    oauth.world.clock.now += 30 * 86400
    refused(oauth.refresh(kept["refresh_token"]), 400, "invalid_grant")


def test_an_uninstall_ends_every_token_10_4_9(oauth: Scene) -> None:
    pair, code = oauth.pair(), oauth.code()
    world = oauth.world
    world.run(world.register.installs.uninstall(world.store.id, oauth.app.id, world.moment))
    assert not oauth.lives(pair["access_token"])
    refused(oauth.refresh(pair["refresh_token"]), 400, "invalid_grant")
    refused(oauth.exchange(code), 400, "invalid_grant")


@pytest.mark.proves("`client_secret`")
@pytest.mark.parametrize(
    "fields",
    [
        {"client_secret": "wrong"},
        {"client_secret": None},
        {"client_id": "nobody"},
        {"client_id": "mobile"},
        {"client_secret": "سر"},
    ],
)
def test_a_confidential_client_must_authenticate_10_4_10(
    oauth: Scene, fields: dict[str, str | None]
) -> None:
    code = oauth.code()
    refused(oauth.exchange(code, **fields), 401, "invalid_client")
    assert oauth.exchange(code).status == 200


def test_a_client_may_authenticate_by_basic(oauth: Scene) -> None:
    def basic(client_id: str, secret: str) -> dict[str, str]:
        both = b64encode(f"{client_id}:{secret}".encode()).decode()
        return {"authorization": f"Basic {both}"}

    form = {"grant_type": "authorization_code", "code": oauth.code(), "redirect_uri": CALLBACK}
    bare = form | {"client_id": None, "client_secret": None}
    wrong = oauth.token(basic("crm", "wrong"), **bare)
    refused(wrong, 401, "invalid_client")
    assert wrong.headers["www-authenticate"] == 'Basic realm="oauth2"'
    for mixed in (form, bare | {"client_id": "mobile"}):
        refused(oauth.token(basic("crm", SECRET), **mixed), 400, "invalid_request")
    refused(oauth.token({"authorization": "Basic !"}, **bare), 400, "invalid_request")
    refused(oauth.token({"authorization": "Bearer x"}, **bare), 400, "invalid_request")
    assert oauth.token(basic("crm", SECRET), **bare).status == 200


@pytest.mark.proves("`scope`")
@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        (None, "customers.read_write settings.read offline_access"),
        ("", "customers.read_write settings.read offline_access"),
        ("offline_access", "customers.read_write settings.read offline_access"),
        ("customers.read", "customers.read"),
        ("customers.read offline_access", "customers.read offline_access"),
        ("customers.read,settings.read", "customers.read settings.read"),
        ("customers.read+settings.read", "customers.read settings.read"),
    ],
)
def test_scopes_are_those_asked_for_or_all_of_the_apps_10_4_11(
    oauth: Scene, asked: str | None, granted: str
) -> None:
    pair = oauth.pair(scope=asked)
    assert pair["scope"] == granted
    assert ("refresh_token" in pair) == ("offline_access" in granted)


@pytest.mark.parametrize("asked", ["orders.read", "settings.read_write", "admin", "customers.*"])
def test_scopes_never_widen_10_4_11(oauth: Scene, asked: str) -> None:
    sent = sent_with(oauth.browser.get(oauth.ask(scope=asked)))
    assert (sent["error"], sent["state"]) == ("invalid_scope", STATE)
    assert sent["error_description"] == f"the app is not registered for {asked}"


def test_a_refresh_may_narrow_and_never_widen_10_4_11(oauth: Scene) -> None:
    pair = oauth.pair()
    narrow = oauth.refresh(pair["refresh_token"], scope="customers.read").json
    assert narrow["scope"] == "customers.read"
    assert oauth.world.ask("DELETE", "/customers/1", narrow["access_token"]).status == 401
    wide = oauth.refresh(narrow["refresh_token"], scope="orders.read")
    refused(wide, 400, "invalid_scope")
    assert "orders.read was not granted" in wide.json["error_description"]
    again = oauth.refresh(narrow["refresh_token"]).json
    assert again["scope"] == pair["scope"]


def test_scopes_that_an_app_lost_are_not_issued_10_4_11(oauth: Scene) -> None:
    pair, code = oauth.pair(), oauth.code()
    less = replace(oauth.app, scopes=frozenset({"customers.read_write"}))
    oauth.world.run(oauth.world.register.apps.update(less))
    wanted = "customers.read_write offline_access"
    assert oauth.refresh(pair["refresh_token"]).json["scope"] == wanted
    assert oauth.exchange(code).json["scope"] == wanted


# Redirects


@pytest.mark.proves("`client_id`, `redirect_uri` of a request for consent")
@rows("uri", filter(None, HOSTILE))
def test_a_browser_is_never_sent_to_an_unregistered_place(oauth: Scene, uri: str) -> None:
    for path in (oauth.ask(redirect_uri=uri), oauth.ask(redirect_uri=uri, scope="orders.read")):
        page = oauth.browser.get(path)
        assert page.status == 400
        assert "location" not in page.headers
        assert page.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_of_an_unknown_address_names_it_and_the_command_that_adds_it(
    oauth: Scene, language: str
) -> None:
    uri = "http://127.0.0.1:8000/oauth/callback?<script>&'\""
    page = oauth.browser.get(oauth.ask(redirect_uri=uri, lang=language)).body.decode()
    assert "<script" not in page
    assert uri in map(unescape, re.findall(r'<bdi dir="ltr">([^<]*)</bdi>', page))
    (command,) = re.findall(r"<code>(sijill app update [^<]*)</code>", page)
    _, _, _, app_id, _, added = shlex.split(unescape(command))
    assert (app_id, added) == (str(oauth.app.id), uri)
    uris = (*oauth.app.redirect_uris, added)
    oauth.world.run(oauth.world.register.apps.update(replace(oauth.app, redirect_uris=uris)))
    assert oauth.browser.get(oauth.ask(redirect_uri=uri)).status == 200


def test_an_address_that_cannot_be_registered_comes_without_a_command(oauth: Scene) -> None:
    page = oauth.browser.get(oauth.ask(redirect_uri="http://app.example/\u202ecb", lang="en"))
    text = page.body.decode()
    assert "http://app.example/%E2%80%AEcb" in text
    assert "sijill app update" not in text
    assert "This address cannot be registered:" in text


@pytest.mark.parametrize(
    "query",
    [
        "client_id=nobody&response_type=code",
        "response_type=code",
        "client_id=crm&client_id=crm&response_type=code",
        f"client_id=crm&response_type=code&redirect_uri={CALLBACK}&redirect_uri={CALLBACK}",
        "client_id=%00&response_type=code",
        "client_id=%FF%FE&response_type=code",
        "",
    ],
)
def test_a_page_answers_a_request_of_no_certain_client(oauth: Scene, query: str) -> None:
    page = oauth.browser.get(f"/oauth2/auth?{query}")
    assert page.status == 400
    assert "location" not in page.headers


def test_an_absent_redirect_uri_is_the_one_that_is_registered(oauth: Scene) -> None:
    code = oauth.code(redirect_uri=None)
    assert oauth.exchange(code, redirect_uri=None).status == 200
    assert oauth.exchange(oauth.code(redirect_uri=None)).status == 200


def test_state_comes_back_without_hyphens_where_the_setting_says_so(oauth: Scene) -> None:
    oauth.world.change(oauth_state="observed")
    assert sent_with(oauth.consent())["state"] == STATE.replace("-", "")
    assert sent_with(oauth.consent("deny"))["state"] == STATE.replace("-", "")


# Consent


@pytest.mark.proves("`answer`")
def test_an_owner_who_denies_grants_nothing(oauth: Scene) -> None:
    sent = sent_with(oauth.consent("deny"))
    assert sent["error"] == "access_denied"
    assert "code" not in sent
    assert oauth.world.run(oauth.world.register.installs.all()) == []


@pytest.mark.parametrize(("style", "name"), [("plain", "عميل/CRM"), ("escaped", "\\u0639")])
def test_an_app_with_a_webhook_url_gets_the_event_of_its_install(
    oauth: Scene, style: str, name: str
) -> None:
    world = oauth.world
    world.change(webhook_body=style)
    hears = replace(
        oauth.app,
        name="عميل/CRM",
        webhook_url="https://app.example.com/hooks",
        webhook_secret="s" * 16,
    )
    world.run(world.register.apps.update(hears))
    oauth.consent()
    world.run(world.register.outbox.sequence_events(lambda hook, event: True, world.moment, 10))
    (due,) = world.run(world.register.deliveries.claim(world.moment, world.moment, Places()))
    assert name.encode() in due.event.body
    told = json.loads(due.event.body)
    assert (told["event"], told["merchant"]) == ("app.installed", world.store.id)
    assert told["data"]["app_scopes"] == ["customers.read_write", "settings.read"]
    assert due.webhook.url == hears.webhook_url


def test_an_owner_without_a_session_signs_in_first_and_returns(oauth: Scene) -> None:
    stranger = Browser(oauth.world)
    asked = oauth.ask()
    answer = stranger.get(asked)
    assert answer.headers["location"].startswith("/_/login?onward=%2Foauth2%2Fauth%3F")
    page = stranger.get(answer.headers["location"])
    assert "CRM" in page.body.decode()
    fields = {"email": EMAIL.upper(), "password": PASSWORD}
    onward = stranger.submit(page, "/_/login", fields)
    assert onward.headers["location"] == asked
    assert stranger.get(asked).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_a_forged_consent_is_refused(oauth: Scene, changes: dict[str, str]) -> None:
    page = oauth.browser.get(oauth.ask())
    fields = {"answer": "allow", "store": str(oauth.world.store.id)}
    answer = oauth.browser.submit(page, "/oauth2/auth", fields, **changes)
    assert answer.status == 403
    assert "location" not in answer.headers


@pytest.mark.proves("`store` of the owner's answer")
def test_a_consent_is_for_a_store_of_the_owner(oauth: Scene) -> None:
    page = oauth.browser.get(oauth.ask())
    for store in (str(oauth.world.other_store.id), "", "nothing"):
        fields = {"answer": "allow", "store": store}
        assert oauth.browser.submit(page, "/oauth2/auth", fields).status == 403


@pytest.mark.proves("`request` of the owner's answer")
def test_a_consent_is_judged_again_when_it_is_sent(oauth: Scene) -> None:
    page = oauth.browser.get(oauth.ask())
    wider = urlencode({"client_id": "crm", "response_type": "code", "scope": "orders.read"})
    fields = {"answer": "allow", "store": str(oauth.world.store.id), "request": wider}
    assert sent_with(oauth.browser.submit(page, "/oauth2/auth", fields))["error"] == "invalid_scope"
    elsewhere = wider + "&redirect_uri=https://evil.example"
    assert oauth.browser.submit(page, "/oauth2/auth", fields | {"request": elsewhere}).status == 400


def test_pages_cannot_be_framed_cached_or_scripted(oauth: Scene) -> None:
    stranger = Browser(oauth.world)
    for page in (
        oauth.browser.get(oauth.ask()),
        stranger.get("/_/login"),
        stranger.get("/_/setup"),
    ):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in page.body.decode()


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_lang_chooses_the_language_of_the_page(oauth: Scene, language: str, direction: str) -> None:
    page = oauth.browser.get(oauth.ask(lang=language))
    assert page.headers["content-language"] == language
    assert f'dir="{direction}"' in page.body.decode()


# The token endpoint as a whole


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"grant_type=refresh_token&grant_type=refresh_token&client_id=crm", {}),
        (b"\xff\xfe=1", {}),
        (b"&".join(b"a%d=1" % n for n in range(100)), {}),
        (json.dumps({"grant_type": "refresh_token"}).encode(), {}),
        (b"grant_type=refresh_token", {"content_type": "application/json"}),
        (b"grant_type=refresh_token", {"content_type": "multipart/form-data; boundary=x"}),
        (b"grant_type=refresh_token", {"content_type": "text/plain"}),
    ],
)
def test_a_body_that_cannot_be_read_is_an_invalid_request(
    oauth: Scene, body: bytes, headers: dict[str, str]
) -> None:
    refused(oauth.world.ask("POST", "/oauth2/token", None, body, **headers), 400, "invalid_request")


@pytest.mark.parametrize("kind", WAYS)
def test_a_code_and_a_refresh_token_are_taken_in_every_way_of_writing(
    oauth: Scene, kind: str
) -> None:
    def pair(**fields: str) -> Any:
        body = WAYS[kind]({"client_id": "crm", "client_secret": SECRET} | fields)
        answer = oauth.world.ask("POST", "/oauth2/token", None, body, content_type=kind)
        assert answer.status == 200, answer.body
        return answer.json

    first = pair(grant_type="authorization_code", code=oauth.code(), redirect_uri=CALLBACK)
    second = pair(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert oauth.lives(second["access_token"])


def test_parameters_in_the_query_are_ignored(oauth: Scene) -> None:
    path = f"/oauth2/token?client_id=crm&client_secret={SECRET}&grant_type=refresh_token"
    refused(oauth.world.ask("POST", path, None, b""), 400, "invalid_request")


def test_wrong_secrets_are_counted_by_address(oauth: Scene) -> None:
    for _ in range(60):
        refused(oauth.token(None, client_secret="wrong"), 401, "invalid_client")
    answer = oauth.token(None, client_secret="wrong")
    refused(answer, 429, "temporarily_unavailable")
    assert int(answer.headers["retry-after"]) > 0


# Requests of real clients


def test_the_php_client_logs_in(oauth: Scene) -> None:
    asked = {
        "state": "0123456789abcdef0123456789abcdef",
        "scope": "customers.read,offline_access",
        "response_type": "code",
        "approval_prompt": "auto",
        "redirect_uri": None,
        "client_id": "crm",
    }
    pair = oauth.exchange(oauth.code(**asked), redirect_uri=None).json
    assert "error" not in pair
    assert isinstance(pair["expires_in"], int)
    told = oauth.world.get("/oauth2/user/info", pair["access_token"]).json["data"]
    assert told["context"]["exp"] > oauth.world.clock.now


def test_the_python_client_logs_in(oauth: Scene) -> None:
    pair = oauth.exchange(oauth.code(scope="offline_access"), scope="offline_access").json
    assert {"access_token", "expires_in", "refresh_token", "scope", "token_type"} <= set(pair)
    old = oauth.world.get("/admin/v2/oauth2/user/info", pair["access_token"])
    assert old.json["data"]["merchant"]["id"] == oauth.world.store.id
    assert "status" not in oauth.exchange("nothing").json


def test_the_javascript_client_logs_in_without_a_scope(oauth: Scene) -> None:
    pair = oauth.exchange(oauth.code(state="abcdefghijklmnopqrstuvwx", show_dialog="true")).json
    again = oauth.refresh(pair["refresh_token"]).json
    assert again["expires_in"] == 14 * 86400
