"""Clients that others wrote log in to the real server, unchanged: sign in, read, refresh, read."""

import asyncio
import json
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx_oauth.oauth2 import OAuth2, RefreshTokenError

from e2e.conftest import PATIENCE, Shell, until
from e2e.node import node_app
from e2e.oauth import (
    CALLBACK,
    CUSTOMER,
    EMAIL,
    Served,
    agree,
    copied,
    person,
    prepared,
    running,
    serve,
)

with warnings.catch_warnings(record=True):  # it would rather have the successor of httpx
    from authlib.integrations.httpx_client import OAuth2Client, OAuthError

pytestmark = pytest.mark.e2e

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
FORTNIGHT = 14 * 86400


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a server for every test that leaves it running."""
    with running(installed, tmp_path_factory.mktemp("clients")) as one:
        yield one


def authlib(served: Served, **options: Any) -> OAuth2Client:
    """Return Authlib's client of the confidential app, or as the options say."""
    named = {"client_id": "crm", "client_secret": served.made.secret, "redirect_uri": CALLBACK}
    named |= {"scope": "customers.read offline_access", "token_endpoint": served.token_url}
    return OAuth2Client(**named | options, timeout=PATIENCE)


def log_in(client: OAuth2Client, served: Served, verifier: str | None = None) -> dict[str, Any]:
    with person(served) as browser:
        url, state = client.create_authorization_url(served.authorize_url, code_verifier=verifier)
        back = agree(browser, served, url)
    proof = {"code_verifier": verifier} if verifier else {}
    return dict(client.fetch_token(authorization_response=back, state=state, **proof))


@pytest.mark.parametrize(
    ("options", "verifier"),
    [
        ({"token_endpoint_auth_method": "client_secret_basic"}, None),
        ({"token_endpoint_auth_method": "client_secret_post"}, None),
        ({"code_challenge_method": "S256"}, VERIFIER),
        (
            {"client_id": "mobile", "client_secret": None, "code_challenge_method": "S256"},
            VERIFIER,
        ),
    ],
    ids=["basic", "post", "pkce", "public"],
)
def test_authlib_logs_in_reads_customers_and_refreshes(
    served: Served, options: dict[str, Any], verifier: str | None
) -> None:
    with authlib(served, **options) as client:
        first = log_in(client, served, verifier)
        assert first["expires_in"] == FORTNIGHT
        assert first["scope"] == "customers.read offline_access"
        read = client.get(f"{served.base}/admin/v2/customers").json()["data"]
        assert [one["email"] for one in read] == [CUSTOMER["email"]]
        second = client.refresh_token()
        assert second["access_token"] != first["access_token"]
        assert second["refresh_token"] != first["refresh_token"]
        assert client.get(f"{served.base}/admin/v2/customers/77").status_code == 200
        client.leeway = FORTNIGHT + 60  # by its own clock the token is about to end
        assert client.get(f"{served.base}/admin/v2/customers/77").status_code == 200
        assert client.token["access_token"] not in (first["access_token"], second["access_token"])
    until(lambda: served.reads(first["access_token"]) == 401, "the end of the first token")


def test_a_refresh_token_used_twice_is_authlibs_error_and_ends_the_access_token(
    served: Served,
) -> None:
    with authlib(served) as client:
        first = log_in(client, served)
        second = dict(client.refresh_token())
        assert served.reads(second["access_token"]) == 200
        with pytest.raises(OAuthError, match="invalid_grant"):
            client.refresh_token(refresh_token=first["refresh_token"])
        until(lambda: served.reads(second["access_token"]) == 401, "the end of the family")
        with pytest.raises(OAuthError, match="invalid_grant"):
            client.refresh_token(refresh_token=second["refresh_token"])


def test_httpx_oauth_logs_in_reads_customers_and_refreshes(served: Served) -> None:
    async def story() -> None:
        scopes = ["customers.read", "offline_access"]
        where = (served.authorize_url, served.token_url, served.token_url)
        client = OAuth2("crm", served.made.secret, *where, base_scopes=scopes)
        with person(served) as browser:
            url = await client.get_authorization_url(CALLBACK, state="a-state")
            back = httpx.URL(await asyncio.to_thread(agree, browser, served, url))
        assert back.params["state"] == "a-state"
        first = await client.get_access_token(back.params["code"], CALLBACK)
        assert not first.is_expired()
        assert await asyncio.to_thread(served.reads, first["access_token"]) == 200
        second = await client.refresh_token(first["refresh_token"])
        assert await asyncio.to_thread(served.reads, second["access_token"]) == 200
        with pytest.raises(RefreshTokenError) as refused:
            await client.refresh_token(first["refresh_token"])
        assert refused.value.response is not None
        assert refused.value.response.status_code == 401

    asyncio.run(asyncio.wait_for(story(), PATIENCE))


def test_a_refresh_that_was_answered_survives_a_kill(shell: Shell, installed: Path) -> None:
    made = prepared(installed)
    data = copied(shell, made)
    served = serve(shell, made, data)
    with authlib(served) as client:
        log_in(client, served)
        kept = dict(client.refresh_token())
        served.process.end(signal.SIGKILL)
    again = serve(shell, made, data)
    with authlib(again, token=kept) as client:
        assert client.get(f"{again.base}/admin/v2/customers/77").status_code == 200
        spent, kept = kept["refresh_token"], dict(client.refresh_token())
        again.process.end(signal.SIGKILL)
    last = serve(shell, made, data)
    assert last.reads(kept["access_token"]) == 200
    with authlib(last, token=kept) as client, pytest.raises(OAuthError, match="invalid_grant"):
        client.refresh_token(refresh_token=spent)
    until(lambda: last.reads(kept["access_token"]) == 401, "the end of the family")


@pytest.fixture(scope="module")
def passport(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the app that uses the package for Node, installed."""
    return node_app("passport", tmp_path_factory)


def told(url: str, status: int = 200) -> Any:
    answer = httpx.get(url, timeout=PATIENCE, verify=False)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_the_package_for_node_logs_in_unchanged_against_the_hosts_it_knows(
    shell: Shell, installed: Path, passport: Path
) -> None:
    made = prepared(installed)
    served = serve(shell, made, copied(shell, made), "--tls")
    app = shell.begin(
        ["node", "--require", str(passport / "local.js"), str(passport / "app.js")],
        NODE_EXTRA_CA_CERTS=str(served.ca),
        LOCAL_PORT=served.base.rsplit(":", 1)[1],
        CLIENT_ID="crm",
        CLIENT_SECRET=made.secret,
    )
    address = app.line(r"http://\S+")[0]
    url = httpx.get(f"{address}/oauth/redirect", timeout=PATIENCE, verify=False).headers["location"]
    assert url.startswith("https://accounts.salla.sa/oauth2/auth?")
    with person(served) as browser:
        first = told(agree(browser, served, url))
    assert (first["user"]["email"], first["expiresIn"]) == (EMAIL, FORTNIGHT)
    assert first["user"]["merchant"]["id"] == made.store_id
    assert told(f"{address}/customers")[0]["email"] == CUSTOMER["email"]
    owner = told(f"{address}/owner")
    assert (owner["name"], owner["merchant"]["id"]) == ("Noura", made.store_id)
    second = told(f"{address}/refresh")
    assert second["newRefreshToken"] != first["refresh"]
    assert told(f"{address}/customers")[0]["email"] == CUSTOMER["email"]
    refused = told(f"{address}/refresh?token={first['refresh']}", 502)
    assert refused["err"]["statusCode"] == 401
    assert json.loads(refused["err"]["data"])["error"] == "invalid_grant"
