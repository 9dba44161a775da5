"""`sijill app`: the programs of developers, which OAuth calls clients."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from msgspec.structs import replace

from sijill.app import Register
from sijill.cli.app_webhooks import (
    WebhookSecret,
    WebhookUrl,
    parse_secret,
    resubscribe,
    webhook_options,
    with_secret,
)
from sijill.cli.arguments import (
    REGISTER,
    Json,
    checked,
    name_of,
    read_secret,
    settings_of,
    with_settings,
)
from sijill.cli.output import USAGE, fail, say, show
from sijill.cli.register import find_app, on_register
from sijill.oauth.apps import App
from sijill.oauth.redirects import registrable
from sijill.oauth.scopes import OFFLINE, parse_scopes
from sijill.oauth.tokens import SECRET, digest, mint
from sijill.settings.parsers import one_of
from sijill.values.ids import random_id

app_commands = typer.Typer(help="Apps: the programs that act in stores.", no_args_is_help=True)

_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)

AppArgument = Annotated[str, typer.Argument(help="Id or name of an app.")]
Redirects = Annotated[
    list[str] | None,
    typer.Option(
        "--redirect-uri", help="Where a browser may be sent with a code; may be repeated."
    ),
]
Scopes = Annotated[
    list[str] | None,
    typer.Option("--scope", help="A scope that the app may be granted; may be repeated."),
]


class _Secret(NamedTuple):
    digest: bytes | None
    """SHA-256 of the secret, or None for a public client."""
    minted: str | None
    """The secret itself if it was made here, so that nobody has it yet."""


@app_commands.command("create")
@with_settings((*REGISTER, "webhook_targets"))
def app_create(
    name: Annotated[str, typer.Argument(help="A name that no other app has.")],
    *,
    client_id: Annotated[str, typer.Option(help="A chosen client_id; else the app's id.")] = "",
    client_secret_file: Annotated[
        Path | None, typer.Option(help="File with a chosen secret, or - for standard input.")
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="The app cannot protect a secret, so it gets none.")
    ] = False,
    redirect_uri: Redirects = None,
    scope: Scopes = None,
    wallets: Annotated[str, typer.Option(help="on or off: whether the app may move money.")] = "on",
    webhook_url: WebhookUrl = None,
    webhook_secret_file: WebhookSecret = None,
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Create an app. A secret made here is shown this once; only its SHA-256 is stored."""
    id_, secret = random_id(), _secret(client_secret_file, public=public)
    app = App(
        id=id_,
        name=name_of(name),
        created_at=datetime.now(UTC),
        wallets=_wallets(wallets),
        client_id=checked("client_id:", _client_id, client_id or str(id_)),
        client_secret=secret.digest,
        redirect_uris=_redirects(redirect_uri or []),
        scopes=scopes_of(scope or []),
        **webhook_options(webhook_url, webhook_secret_file, settings_of(flags)),
    )
    app, minted = with_secret(app)
    on_register(flags, lambda register: register.apps.create(app))
    _show(app, secret.minted, minted, as_json=as_json)


@app_commands.command("list")
@with_settings()
def app_list(*, as_json: Json = False, **flags: Any) -> None:
    """List the apps."""
    apps = on_register(flags, lambda register: register.apps.all())
    show([_row(app) for app in apps], as_json=as_json)


@app_commands.command("update")
@with_settings((*REGISTER, "webhook_targets"))
def app_update(
    app: AppArgument,
    *,
    name: Annotated[str, typer.Option(help="A new name.")] = "",
    redirect_uri: Redirects = None,
    scope: Scopes = None,
    wallets: Annotated[str, typer.Option(help="on or off: whether the app may move money.")] = "",
    webhook_url: WebhookUrl = None,
    webhook_secret_file: WebhookSecret = None,
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Change an app: a given value replaces the old one whole. Issued tokens stay."""
    changes: dict[str, Any] = {
        **webhook_options(webhook_url, webhook_secret_file, settings_of(flags))
    }
    if name:
        changes["name"] = name_of(name)
    if redirect_uri:
        changes["redirect_uris"] = _redirects(redirect_uri)
    if scope:
        changes["scopes"] = scopes_of(scope)
    if wallets:
        changes["wallets"] = _wallets(wallets)
    changed, minted = _changed(app, changes, flags)
    _show(changed, None, minted, as_json=as_json)


@app_commands.command("secret")
@with_settings()
def app_secret(app: AppArgument, *, as_json: Json = False, **flags: Any) -> None:
    """Make a new secret and show it this once; the old secret stops."""
    fresh = mint(SECRET)
    changed, _ = _changed(app, {"client_secret": digest(fresh)}, flags)
    if as_json:
        _show(changed, fresh, None, as_json=True)
    else:
        say(fresh)


def _changed(
    id_or_name: str, changes: dict[str, Any], flags: dict[str, Any]
) -> tuple[App, str | None]:
    """Return the app as it is now, and the secret of its webhook if that secret is new."""

    async def work(register: Register) -> tuple[App, str | None]:
        app, minted = with_secret(replace(await find_app(register, id_or_name), **changes))
        await register.apps.update(app)
        if "webhook_url" in changes or "webhook_secret" in changes:
            await resubscribe(register, app)
        return app, minted

    return on_register(flags, work)


def _secret(file: Path | None, *, public: bool) -> _Secret:
    if public and file is not None:
        fail("client_secret_file: a public app has no secret", code=USAGE)
    if public:
        return _Secret(None, None)
    if file is None:
        fresh = mint(SECRET)
        return _Secret(digest(fresh), fresh)
    return _Secret(digest(checked("client_secret:", parse_secret, read_secret(file))), None)


def _client_id(text: str) -> str:
    if _CLIENT_ID.fullmatch(text) is None:
        raise ValueError("write up to 255 visible ASCII characters")
    return text


def _redirects(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(checked("redirect_uri:", registrable, text) for text in texts))


def scopes_of(texts: list[str]) -> frozenset[str]:
    """Return scopes as apps store them: without `offline_access`, which every app may have."""
    return checked("scope:", parse_scopes, " ".join(texts)) - {OFFLINE}


def _wallets(text: str) -> bool:
    return bool(checked("wallets:", one_of("on", "off"), text) == "on")


def _show(app: App, client: str | None, webhook: str | None, *, as_json: bool) -> None:
    """Show an app and its new secrets: on a terminal as an .env file has them."""
    if as_json:
        secrets = {"client_secret": client, "webhook_secret": webhook}
        show([{n: s for n, s in secrets.items() if s is not None} | _row(app)], as_json=True)
        return
    show([_row(app)], as_json=False)
    # Under the names that apps for Salla know.
    if client is not None:
        say(f"SALLA_OAUTH_CLIENT_ID={shlex.quote(app.client_id)}")
        say(f"SALLA_OAUTH_CLIENT_SECRET={client}")
    if webhook is not None:
        say(f"SALLA_WEBHOOK_SECRET={webhook}")


def _row(app: App) -> dict[str, Any]:
    return {
        "id": app.id,
        "name": app.name,
        "client_id": app.client_id,
        "client_type": "public" if app.client_secret is None else "confidential",
        "redirect_uris": app.redirect_uris,
        "scopes": sorted(app.scopes),
        "wallets": "on" if app.wallets else "off",
        "webhook_url": app.webhook_url,
        "created_at": app.created_at,
    }
