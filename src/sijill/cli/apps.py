"""`sijill app`: the programs of developers, as OAuth knows them."""

import asyncio
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from msgspec.structs import replace

from sijill.cli.common import (
    USAGE,
    WHERE,
    Json,
    fail,
    find_app,
    opened,
    settings_of,
    show,
    with_settings,
)
from sijill.cli.installing import WebhookSecret, WebhookUrl, rehear, wished, with_secret
from sijill.cli.typed import checked, name_of, read_secret
from sijill.oauth.apps import App
from sijill.oauth.redirects import registrable
from sijill.oauth.scopes import OFFLINE, parse_scopes
from sijill.oauth.tokens import SECRET, digest, mint
from sijill.settings.parsers import one_of
from sijill.values.ids import random_id

app_commands = typer.Typer(help="Apps: the programs that act in stores.", no_args_is_help=True)

_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_CLIENT_SECRET = re.compile(r"[\x21-\x7e]{16,}", re.ASCII)

AppArgument = Annotated[str, typer.Argument(help="Id or name of an app.")]
Redirects = Annotated[
    list[str] | None,
    typer.Option(
        "--redirect-uri", help="Where a browser may be sent with a code; may be repeated."
    ),
]
Scopes = Annotated[
    list[str] | None,
    typer.Option("--scope", help="The most it may be granted; may be repeated."),
]


class _Secret(NamedTuple):
    kept: bytes | None
    """Its SHA-256, or None for a public client."""
    shown: str | None
    """The secret itself if it is ours and nobody has it yet."""


@app_commands.command("create")
@with_settings((*WHERE, "webhook_targets"))
def app_create(
    name: Annotated[str, typer.Argument(help="A name of its own.")],
    *,
    client_id: Annotated[str, typer.Option(help="A chosen client_id; else its id.")] = "",
    client_secret_file: Annotated[
        Path | None, typer.Option(help="File with a chosen secret, or - for standard input.")
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="It cannot keep a secret, and has none.")
    ] = False,
    redirect_uri: Redirects = None,
    scope: Scopes = None,
    wallets: Annotated[str, typer.Option(help="on or off: whether it may move money.")] = "on",
    webhook_url: WebhookUrl = None,
    webhook_secret_file: WebhookSecret = None,
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Create an app. A secret that is made here is shown this once: only its SHA-256 is kept."""
    id_, secret = random_id(), _secret(client_secret_file, public=public)
    typed = App(
        id=id_,
        name=name_of(name),
        created_at=datetime.now(UTC),
        wallets=_wallets(wallets),
        client_id=checked("client_id:", _client_id, client_id or str(id_)),
        client_secret=secret.kept,
        redirect_uris=_redirects(redirect_uri or []),
        scopes=scopes_of(scope or []),
        **wished(webhook_url, webhook_secret_file, settings_of(flags)),
    )
    app, minted = with_secret(typed)

    async def work() -> None:
        async with opened(flags) as register:
            await register.apps.create(app)

    asyncio.run(work())
    if as_json:
        show([_shown(secret.shown, minted) | _row(app)], as_json=True)
        return
    show([_row(app)], as_json=False)
    if secret.shown is not None:
        # As an .env file has them, under the names that apps for Salla know.
        print(f"SALLA_OAUTH_CLIENT_ID={shlex.quote(app.client_id)}")
        print(f"SALLA_OAUTH_CLIENT_SECRET={secret.shown}", flush=True)
    if minted is not None:
        print(f"SALLA_WEBHOOK_SECRET={minted}", flush=True)


@app_commands.command("list")
@with_settings(WHERE)
def app_list(*, as_json: Json = False, **flags: Any) -> None:
    """List the apps."""

    async def work() -> list[App]:
        async with opened(flags) as register:
            return await register.apps.all()

    show([_row(app) for app in asyncio.run(work())], as_json=as_json)


@app_commands.command("update")
@with_settings((*WHERE, "webhook_targets"))
def app_update(
    app: AppArgument,
    *,
    name: Annotated[str, typer.Option(help="A new name.")] = "",
    redirect_uri: Redirects = None,
    scope: Scopes = None,
    wallets: Annotated[str, typer.Option(help="on or off: whether it may move money.")] = "",
    webhook_url: WebhookUrl = None,
    webhook_secret_file: WebhookSecret = None,
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Change an app: what is given takes the place of all there was. Issued tokens stay."""
    changes: dict[str, Any] = {**wished(webhook_url, webhook_secret_file, settings_of(flags))}
    if name:
        changes["name"] = name_of(name)
    if redirect_uri:
        changes["redirect_uris"] = _redirects(redirect_uri)
    if scope:
        changes["scopes"] = scopes_of(scope)
    if wallets:
        changes["wallets"] = _wallets(wallets)
    changed, minted = _changed(app, changes, flags)
    show([_shown(None, minted if as_json else None) | _row(changed)], as_json=as_json)
    if minted is not None and not as_json:
        print(f"SALLA_WEBHOOK_SECRET={minted}", flush=True)


@app_commands.command("secret")
@with_settings(WHERE)
def app_secret(app: AppArgument, *, as_json: Json = False, **flags: Any) -> None:
    """Make a new secret; the old one stops. It is shown this once."""
    fresh = mint(SECRET)
    changed, _ = _changed(app, {"client_secret": digest(fresh)}, flags)
    if as_json:
        show([_shown(fresh, None) | _row(changed)], as_json=True)
    else:
        print(fresh, flush=True)


def _changed(wanted: str, changes: dict[str, Any], flags: dict[str, Any]) -> tuple[App, str | None]:
    """Return the app as it is now, and the secret of its webhook if it is new."""

    async def work() -> tuple[App, str | None]:
        async with opened(flags) as register:
            app, minted = with_secret(replace(await find_app(register, wanted), **changes))
            await register.apps.update(app)
            if "webhook_url" in changes or "webhook_secret" in changes:
                await rehear(register, app)
            return app, minted

    return asyncio.run(work())


def _secret(file: Path | None, *, public: bool) -> _Secret:
    if public and file is not None:
        fail("client_secret_file: a public app has no secret", code=USAGE)
    if public:
        return _Secret(None, None)
    if file is None:
        fresh = mint(SECRET)
        return _Secret(digest(fresh), fresh)
    return _Secret(digest(checked("client_secret:", _client_secret, read_secret(file))), None)


def _client_id(text: str) -> str:
    if _CLIENT_ID.fullmatch(text) is None:
        raise ValueError("write up to 255 visible ASCII characters")
    return text


def _client_secret(text: str) -> str:
    if _CLIENT_SECRET.fullmatch(text) is None:
        raise ValueError("write 16 or more visible ASCII characters")
    return text


def _redirects(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(checked("redirect_uri:", registrable, text) for text in texts))


def scopes_of(texts: list[str]) -> frozenset[str]:
    """Return scopes as an app's are kept: every app may have `offline_access`."""
    return checked("scope:", parse_scopes, " ".join(texts)) - {OFFLINE}


def _wallets(text: str) -> bool:
    return bool(checked("wallets:", one_of("on", "off"), text) == "on")


def _shown(client: str | None, webhook: str | None) -> dict[str, str]:
    secrets = {"client_secret": client, "webhook_secret": webhook}
    return {name: secret for name, secret in secrets.items() if secret is not None}


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
