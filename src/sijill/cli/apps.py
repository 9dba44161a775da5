"""`sijill app`: the programs of developers, the clients of OAuth."""

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, get_args

import click
from msgspec.structs import replace

from sijill.cli.app_webhook import resubscribe, target_of, with_secret
from sijill.cli.arguments import argument, it, name_of, option, read_secret
from sijill.cli.consent import Row, deleting
from sijill.cli.output import USAGE, columns, fail, say
from sijill.cli.register import Register, find_app, naming, on_register
from sijill.cli.showing import RECORD, Shown, table
from sijill.cli.tables import print_record
from sijill.oauth.apps import App, Strategy
from sijill.oauth.fields import parse_client_id, parse_secret
from sijill.oauth.redirects import registrable
from sijill.oauth.scopes import OFFLINE, parse_scopes
from sijill.oauth.tokens import SECRET, digest, mint
from sijill.settings import Settings
from sijill.settings.parsers import one_of, switch
from sijill.values.ids import random_id


def _secret_file(flag: str, name: str, help: str) -> click.Option:
    return option(flag, help, name, parse=lambda file: it(parse_secret)(read_secret(file)))


def scopes_option(help: str) -> click.Option:
    """Return an option of scopes, without `offline_access`, which every app has."""
    return option("--scope", help, multiple=True, parse=lambda text: parse_scopes(text) - {OFFLINE})


def _wallets(default: str) -> click.Option:
    help = "Whether the app may move money in wallets."
    return option("--wallets", help, default=default, parse=switch)


APP = argument("app", "Id or name of an app.")


def _print(rows: list[dict[str, Any]]) -> None:
    """Print an app, and its new secrets as lines of an .env file."""
    secrets = dict(rows[0])
    client, webhook = secrets.pop("client_secret", None), secrets.pop("webhook_secret", None)
    print_record(secrets)
    # The names of the variables are those of Salla's sample apps.
    if client is not None:
        say(f"SALLA_OAUTH_CLIENT_ID={shlex.quote(rows[0]['client_id'])}")
        say(f"SALLA_OAUTH_CLIENT_SECRET={client}")
    if webhook is not None:
        say(f"SALLA_WEBHOOK_SECRET={webhook}")


_WITH_SECRETS = Shown(_print)
_GIVEN = (
    option(
        "--redirect-uri",
        "A redirect URI of the app; may be repeated.",
        multiple=True,
        parse=registrable,
    ),
    scopes_option("A scope that the app may be granted; may be repeated."),
    option("--webhook-url", "URL that receives the events of installs; '' removes it."),
    option(
        "--webhook-strategy",
        "How these events prove their origin; token sends the secret itself.",
        default="",
        parse=one_of(*get_args(Strategy)),
    ),
    _secret_file(
        "--webhook-secret-file",
        "webhook_secret",
        "File with the secret of these events, or - for standard input.",
    ),
)


@on_register(
    argument("name", "A name that no other app has.", parse=name_of),
    option(
        "--client-id",
        "A client_id of your choice; by default the app's id.",
        default="",
        parse=it(parse_client_id),
    ),
    _secret_file(
        "--client-secret-file",
        "client_secret",
        "File with a chosen secret, or - for standard input.",
    ),
    option("--public", "For an app that cannot keep a secret: it gets no secret.", is_flag=True),
    *_GIVEN,
    _wallets("on"),
    settings=("webhook_targets",),
    create=True,
    shown=_WITH_SECRETS,
)
async def create_command(
    register: Register,
    name: str,
    client_id: str | None,
    client_secret: str | None,
    public: bool,
    settings: Settings,
    **given: Any,
) -> list[dict[str, Any]]:
    if public and client_secret is not None:
        fail("client_secret_file: a public app has no secret", code=USAGE)
    id_, fresh = random_id(), None if public or client_secret else mint(SECRET)
    secret = fresh or client_secret
    app = App(
        id=id_,
        name=name,
        created_at=datetime.now(UTC),
        client_id=client_id or str(id_),
        client_secret=None if secret is None else digest(secret),
        **_fields(given, settings),
    )
    app, minted = with_secret(app)
    with naming("app", id=app.id, name=app.name, client_id=app.client_id):
        await register.apps.create(app)
    return _with_secrets(app, fresh, minted)


@on_register(shown=table("id", "name", "client_id", "client_type", "webhook_url"))
async def list_command(register: Register) -> list[dict[str, Any]]:
    return [_row(app) for app in await register.apps.all()]


@on_register(
    APP,
    option("--name", "A new name.", default="", parse=name_of),
    option(
        "--add-redirect-uri",
        "A redirect URI to add; may be repeated.",
        multiple=True,
        parse=registrable,
    ),
    *_GIVEN,
    _wallets(""),
    settings=("webhook_targets",),
    shown=_WITH_SECRETS,
)
async def update_command(
    register: Register,
    app: str,
    name: str | None,
    add_redirect_uri: Sequence[str],
    settings: Settings,
    **given: Any,
) -> list[dict[str, Any]]:
    changes = ({} if name is None else {"name": name}) | _fields(given, settings)
    changed = replace(await find_app(register, app), **changes)
    uris = dict.fromkeys((*changed.redirect_uris, *add_redirect_uri))
    changed, minted = with_secret(replace(changed, redirect_uris=tuple(uris)))
    with naming("app", name=changed.name, client_id=changed.client_id):
        await register.apps.update(changed)
    if any(name.startswith("webhook_") for name in changes):
        await resubscribe(register, changed)
    return _with_secrets(changed, None, minted)


@on_register(APP, shown=RECORD)
async def show_command(register: Register, app: str) -> list[dict[str, Any]]:
    found = await find_app(register, app)
    stores = {store.id: store.name for store in await register.stores.all()}
    installs = await register.installs.all()
    return [
        _row(found)
        | {"stores": [stores[one.store_id] for one in installs if one.app_id == found.id]}
    ]


async def _look(register: Register, app: str) -> Row:
    found = await find_app(register, app)
    tokens = [token for token in await register.tokens.all() if token.app_id == found.id]
    return {"id": found.id, "name": found.name, "tokens": len(tokens)}


async def _delete(register: Register, row: Row) -> None:
    from sijill.removal import remove_app  # it loads every table: help does without

    with naming("app", id=row["id"]):
        await remove_app(register, row["id"])


delete_command = deleting(
    APP,
    look=_look,
    question="Delete the app {name} from every store, with its {tokens} tokens, its webhooks and "
    "its imports?",
    delete=_delete,
    told="app {name} is deleted",
)


@on_register(APP, shown=Shown(lambda rows: say(rows[0]["client_secret"])))
async def secret_command(register: Register, app: str) -> list[dict[str, Any]]:
    fresh = mint(SECRET)
    changed = replace(await find_app(register, app), client_secret=digest(fresh))
    await register.apps.update(changed)
    return _with_secrets(changed, fresh, None)


def _fields(given: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the fields of an app that the options change."""
    url, scopes = given["webhook_url"], given["scope"]
    fields = {
        "redirect_uris": tuple(dict.fromkeys(given["redirect_uri"])) or None,
        "scopes": frozenset().union(*scopes) if scopes else None,
        "wallets": given["wallets"],
        "webhook_url": None if url is None else target_of(url, settings),
        "webhook_strategy": given["webhook_strategy"],
        "webhook_secret": given["webhook_secret"],
    }
    return {name: value for name, value in fields.items() if value is not None}


def _with_secrets(app: App, client: str | None, webhook: str | None) -> list[dict[str, Any]]:
    """Return an app as a row, its new secrets first."""
    secrets = {"client_secret": client, "webhook_secret": webhook}
    return [{n: s for n, s in secrets.items() if s is not None} | _row(app)]


def _row(app: App) -> dict[str, Any]:
    """Return an app as a row, without its secrets."""
    (row,) = columns([app], *_COLUMNS)
    kind = "public" if app.client_secret is None else "confidential"
    return row | {"client_type": kind, "wallets": "on" if app.wallets else "off"}


_COLUMNS = (
    *("id", "name", "client_id", "client_type=client_secret", "redirect_uris", "scopes"),
    *("wallets", "webhook_url", "webhook_strategy", "created_at"),
)
