"""`sijill app`: what OAuth is told of an app, and when its secret is seen."""

from pathlib import Path

import pytest
from cli.operating import Operator

from sijill.oauth.apps import App
from sijill.oauth.tokens import digest

CHOSEN = "chosen-secret-of-theirs"


def kept(operator: Operator, name: str) -> App:
    apps = operator.ask(lambda register: register.apps.all())
    return next(app for app in apps if app.name == name)


def test_an_app_may_move_money_unless_it_is_made_otherwise(operator: Operator) -> None:
    operator.type("app", "create", "free")
    operator.type("app", "create", "bound", "--wallets", "off")
    rows = operator.json("app", "list")
    assert {row["name"]: row["wallets"] for row in rows} == {"free": "on", "bound": "off"}


def test_a_secret_is_shown_once_and_kept_as_its_hash(operator: Operator) -> None:
    *_, client, secret = operator.type("app", "create", "reader").stdout.splitlines()
    app = kept(operator, "reader")
    assert client == f"SALLA_OAUTH_CLIENT_ID={app.id}"
    name, _, text = secret.partition("=")
    assert (name, text[:7]) == ("SALLA_OAUTH_CLIENT_SECRET", "sjl_cs_")
    assert app.client_secret == digest(text)
    assert not operator.keeps(text)
    assert text not in operator.type("app", "list").stdout
    (row,) = operator.json("app", "list")
    assert row["client_type"] == "confidential"
    assert "client_secret" not in row


def test_a_script_reads_the_secret_from_json(operator: Operator) -> None:
    (row,) = operator.json("app", "create", "reader")
    assert digest(str(row["client_secret"])) == kept(operator, "reader").client_secret
    assert row["client_id"] == str(row["id"])


def test_an_app_that_exists_keeps_its_client_id_and_its_secret(
    operator: Operator, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{CHOSEN}\n")
    words = ("app", "create", "reader", "--client-id", "it's", "--client-secret-file", str(file))
    said = operator.type(*words).output
    app = kept(operator, "reader")
    assert (app.client_id, app.client_secret) == ("it's", digest(CHOSEN))
    assert "SALLA" not in said
    assert CHOSEN not in said
    again = operator.type("app", "create", "other", "--client-id", "it's", code=1)
    assert "another app has the client_id" in again.stderr


def test_a_secret_comes_from_standard_input_too(operator: Operator) -> None:
    words = ("app", "create", "reader", "--client-secret-file", "-")
    operator.type(*words, data=f"{CHOSEN}\n")
    assert kept(operator, "reader").client_secret == digest(CHOSEN)


def test_a_public_app_has_no_secret(operator: Operator) -> None:
    (row,) = operator.json("app", "create", "native", "--public")
    assert row["client_type"] == "public"
    assert "client_secret" not in row
    assert "SALLA" not in operator.type("app", "create", "other", "--public").stdout
    assert kept(operator, "native").client_secret is None


def test_redirect_uris_and_scopes_are_kept_and_offline_access_is_everybodys(
    operator: Operator,
) -> None:
    uris = ("https://b.example/cb", "http://127.0.0.1/cb")
    words = [word for uri in (*uris, uris[0]) for word in ("--redirect-uri", uri)]
    scopes = ("--scope", "customers.read_write,offline_access", "--scope", "orders.read")
    operator.type("app", "create", "reader", *words, *scopes)
    (row,) = operator.json("app", "list")
    assert row["redirect_uris"] == list(uris)
    assert row["scopes"] == ["customers.read_write", "orders.read"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--wallets maybe", "--wallets: write on or off"),
        ("--redirect-uri http://app.example/cb", "--redirect-uri: write https://, or http://"),
        ("--redirect-uri https://a.example/#cb", "--redirect-uri: write at most 2000"),
        ("--scope orders.eat", "scope: unknown scope: orders.eat"),
        (f"--client-id {'x' * 256}", "--client-id: it is not 1 to 255 visible ASCII"),
        ("--client-id é", "--client-id: it is not 1 to 255 visible ASCII"),
        ("--client-secret-file absent", "absent: "),
        ("--client-secret-file - --public", "a public app has no secret"),
        ("--client-secret-file -", "--client-secret-file: it is not 16 or more visible ASCII"),
    ],
)
def test_a_faulty_app_is_refused_with_a_sentence(
    operator: Operator, words: str, sentence: str
) -> None:
    operator.type("migrate")
    data = "16-characters..." if "--public" in words else "15 characters.."
    result = operator.type("app", "create", "x", *words.split(), code=64, data=data)
    assert sentence in result.stderr
    assert "15 characters" not in result.output
    assert operator.json("app", "list") == []


def test_given_options_replace_their_values_and_the_rest_stays(operator: Operator) -> None:
    first = ("--redirect-uri", "https://a.example/cb", "--scope", "customers.read")
    operator.type("app", "create", "reader", *first)
    before = kept(operator, "reader")
    (row,) = operator.json("app", "update", "reader", "--redirect-uri", "https://b.example/cb")
    assert row["redirect_uris"] == ["https://b.example/cb"]
    assert row["scopes"] == ["customers.read"]
    more = ("--name", "writer", "--scope", "customers.read_write", "--wallets", "off")
    operator.type("app", "update", str(before.id), *more)
    after = kept(operator, "writer")
    assert (after.scopes, after.wallets) == (frozenset({"customers.read_write"}), False)
    assert (after.id, after.client_id, after.client_secret, after.created_at) == (
        before.id,
        before.client_id,
        before.client_secret,
        before.created_at,
    )


@pytest.mark.parametrize(
    ("words", "uris"),
    [
        ("--add-redirect-uri https://b.example/", ["https://a.example/", "https://b.example/"]),
        ("--add-redirect-uri https://a.example/", ["https://a.example/"]),
        (
            "--add-redirect-uri http://localhost:80/x --add-redirect-uri https://b.example/",
            ["https://a.example/", "http://localhost:80/x", "https://b.example/"],
        ),
        (
            "--redirect-uri https://c.example/ --add-redirect-uri https://b.example/",
            ["https://c.example/", "https://b.example/"],
        ),
    ],
)
def test_a_redirect_uri_may_be_added(operator: Operator, words: str, uris: list[str]) -> None:
    operator.type("app", "create", "reader", "--redirect-uri", "https://a.example/")
    (row,) = operator.json("app", "update", "reader", *words.split())
    assert row["redirect_uris"] == uris


def test_a_faulty_change_changes_nothing(operator: Operator) -> None:
    operator.type("app", "create", "reader")
    operator.type("app", "create", "writer")
    before = operator.json("app", "list")
    operator.type("app", "update", "reader", "--name", "7", code=64)
    operator.type("app", "update", "reader", "--redirect-uri", "ftp://x", code=64)
    operator.type("app", "update", "reader", "--add-redirect-uri", "ftp://x", code=64)
    taken = operator.type("app", "update", "reader", "--name", "writer", code=1)
    assert "another app has the name" in taken.stderr
    assert "there is no app none" in operator.type("app", "update", "none", code=1).stderr
    assert operator.json("app", "list") == before


def test_a_new_secret_stops_the_old_one(operator: Operator) -> None:
    (row,) = operator.json("app", "create", "reader")
    fresh = operator.type("app", "secret", "reader").stdout.strip()
    assert fresh.startswith("sjl_cs_")
    assert fresh != row["client_secret"]
    assert kept(operator, "reader").client_secret == digest(fresh)
    (again,) = operator.json("app", "secret", "reader")
    assert kept(operator, "reader").client_secret == digest(str(again["client_secret"]))
