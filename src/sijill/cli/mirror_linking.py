"""`sijill mirror link` and `unlink`: which store is a copy, and of which other one."""

import secrets
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sijill.cli.arguments import duration, option, read_secret, stored_text
from sijill.cli.consent import ask as confirm
from sijill.cli.mirror_way import find_linked
from sijill.cli.output import USAGE, fail
from sijill.cli.register import STORE, STORE_OR_ONLY, Register, find_store, on_register
from sijill.cli.showing import sentence
from sijill.errors import Taken
from sijill.settings import Settings
from sijill.stores.model import Store

if TYPE_CHECKING:
    from sijill.mirror.upstream.model import Issued, Link

NEEDS = ("upstream_url", "upstream_accounts", "upstream_targets")

_SECRET = {"default": None, "parse": read_secret}


class OurApp(NamedTuple):
    """The app of the operator at upstream; without one, tokens cannot be renewed."""

    client_id: str | None
    secret: str | None
    redirect_uri: str | None


@on_register(
    STORE,
    option("--token-file", "File with an access token, or - for standard input.", **_SECRET),
    option(
        "--refresh-token-file", "File with its refresh token, or - for standard input.", **_SECRET
    ),
    option("--expires", "How long the access token lives, such as 14d.", parse=duration),
    option("--client-id", "Client id of your app: to renew tokens, or to get the first ones."),
    option(
        "--client-secret-file",
        "File with the secret of your app, or - for standard input.",
        **_SECRET,
    ),
    option(
        "--redirect-uri",
        "An address registered for your app: without a token, a person lets "
        "the app in there, and pastes the address that the browser comes to.",
    ),
    option(
        "--webhook-secret-file",
        "File with the secret that signs upstream's webhooks, or - for standard input; without it, "
        "no webhook is accepted.",
        **_SECRET,
    ),
    option(
        "--egress",
        "Name of the way out: stores of one name share one budget of requests.",
        default="default",
        parse=stored_text,
    ),
    settings=NEEDS,
    shown=sentence("{store} is linked to {address}; webhooks of upstream go to {webhooks}"),
)
async def link_command(
    register: Register,
    store: str,
    token_file: str | None,
    refresh_token_file: str | None,
    expires: float | None,
    client_id: str | None,
    client_secret_file: str | None,
    redirect_uri: str | None,
    webhook_secret_file: str | None,
    egress: str,
    settings: Settings,
) -> dict[str, Any]:
    from sijill.mirror.upstream.model import Issued  # help links nothing

    app = OurApp(client_id, client_secret_file, redirect_uri)
    tenant = await find_store(register, store)
    known = await register.mirror.find(tenant.id)
    await _insist_on_empty(register, tenant, is_linked=known is not None)
    await register.note("store.link", tenant.id, [tenant.id])
    if known and webhook_secret_file and not (token_file or redirect_uri):
        await register.mirror_links.put_webhook_secret(tenant.id, webhook_secret_file)
        return _told(tenant, known.address)
    if token_file:
        issued = Issued(token_file, refresh_token_file, expires)
    else:
        issued = await _let_in(settings, app)
    merchant = await _merchant(settings, issued.access)
    earlier = await register.mirror_links.find(tenant.id) if known else None
    secret = webhook_secret_file or (earlier.webhook_secret if earlier else None)
    link = _link(tenant.id, settings.upstream_accounts, merchant, app, issued, secret)
    await register.mirror_links.put(link)
    if known is None:
        await _begin(register, tenant, settings.upstream_url, egress)
    elif known.trouble == "needs_authorisation":
        await register.mirror.clear_trouble(tenant.id, known.trouble, known.reason)
    return _told(tenant, settings.upstream_url)


def _link(
    store_id: int,
    accounts: str,
    merchant: int | None,
    app: OurApp,
    issued: "Issued",
    webhook_secret: str | None,
) -> "Link":
    """Return the link of a store whose tokens were issued just now."""
    from sijill.mirror.model import MICROS
    from sijill.mirror.upstream.model import Link

    now, lifetime = int(time.time() * MICROS), issued.lifetime
    return Link(
        store_id=store_id,
        accounts=accounts,
        merchant=merchant,
        client_id=app.client_id or "",
        pair=1,
        received_at=now,
        expires_at=None if lifetime is None else now + int(lifetime * MICROS),
        spent_at=None,
        client_secret=app.secret,
        webhook_secret=webhook_secret,
        access=issued.access,
        refresh=issued.refresh if app.client_id else None,
    )


async def _begin(register: Register, store: Store, address: str, egress: str) -> None:
    """Make a store a copy; end the command if another one did."""
    try:
        await register.mirror.link(store.id, address, egress, datetime.now(UTC))
    except Taken:
        fail(f"{store.name} was linked at this moment")


@on_register(
    STORE_OR_ONLY,
    option("--keep", "Keep the customers, as the store's own.", is_flag=True),
    option("--erase", "Delete the customers too.", is_flag=True),
    option("--yes", "Do not ask.", is_flag=True),
    shown=sentence("{store} is linked no more: {customers}"),
)
async def unlink_command(
    register: Register, store: str, keep: bool, erase: bool, yes: bool
) -> dict[str, Any]:
    if keep == erase:
        fail("say what becomes of the customers: --keep or --erase", code=USAGE)
    linked = await find_linked(register, store)
    [tenant] = [one for one in await register.stores.all() if one.id == linked.store_id]
    if erase:
        confirm(f"Delete every customer of {tenant.name}?", yes=yes)
    await register.mirror.pause(linked.store_id)
    await register.note("store.unlink", linked.store_id, [linked.store_id])
    await register.mirror.unlink(linked.store_id)
    count = await _delete_customers(register, linked.store_id) if erase else 0
    told = f"{count} customers are deleted" if erase else "its customers stay as its own"
    return {"store_id": tenant.id, "store": tenant.name, "customers": told}


def _told(store: Store, address: str) -> dict[str, Any]:
    webhooks = f"/_/mirror/{store.id}/webhooks"
    return {"store_id": store.id, "store": store.name, "address": address, "webhooks": webhooks}


async def _insist_on_empty(register: Register, store: Store, *, is_linked: bool) -> None:
    """End the command for a store with customers of its own: a copy would mix with them."""
    from sijill.customers.model import CustomerFilter

    page = await register.customers.page(store.id, CustomerFilter(), offset=0, limit=1)
    if page.total and not is_linked:
        fail(f"{store.name} has {page.total} customers of its own: link a store without any")


async def _delete_customers(register: Register, store_id: int) -> int:
    """Delete every customer of a store; return their number."""
    found = [customer.id async for customer in register.customers.each(store_id)]
    for customer_id in found:
        await register.customers.delete(store_id, customer_id, datetime.now(UTC))
    await register.driver.empty_log()
    return len(found)


async def _merchant(settings: Settings, access: str) -> int | None:
    """Return the id of the store whose token this is; end the command if it is refused."""
    from msgspec import json

    from sijill.egress.message import NotSent
    from sijill.mirroring import sender_of

    sender = sender_of(settings)
    headers = [("Authorization", f"Bearer {access}"), ("Accept", "application/json")]
    url = f"{settings.upstream_accounts}/oauth2/user/info"
    try:
        answer = await sender.ask("GET", url, headers)
    except NotSent as fault:
        fail(f"{settings.upstream_accounts} gave no answer: {fault.reason}")
    finally:
        await sender.close()
    if answer.status == 401:
        fail("upstream refuses the token")
    try:
        found = json.decode(answer.body)["data"]["merchant"]["id"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, int) else None


async def _let_in(settings: Settings, app: OurApp) -> "Issued":
    """Return the tokens of an app that a person lets in, with a browser beside the terminal."""
    from urllib.parse import parse_qs, urlencode, urlsplit

    from sijill.mirror.upstream.model import Issued
    from sijill.mirroring import exchange_of

    if not (app.client_id and app.redirect_uri):
        fail("give --token-file, or --client-id and --redirect-uri of your app", code=USAGE)
    state = secrets.token_hex(16)
    query = {
        "client_id": app.client_id,
        "response_type": "code",
        "redirect_uri": app.redirect_uri,
        "scope": "offline_access",
        "state": state,
    }
    address = f"{settings.upstream_accounts}/oauth2/auth?{urlencode(query)}"
    print(f"Open {address}", file=sys.stderr)
    print("Let the app in, and paste the address that you come to:", file=sys.stderr, flush=True)
    came = parse_qs(urlsplit(sys.stdin.readline().strip()).query)
    if came.get("state") != [state] or "code" not in came:
        fail("that is no answer to this request", code=USAGE)
    outcome = await exchange_of(settings, time.time).redeem(
        settings.upstream_accounts, came["code"][0], app.redirect_uri, app.client_id, app.secret
    )
    if not isinstance(outcome, Issued):
        fail(f"upstream issued no tokens: {outcome.reason}")
    return outcome
