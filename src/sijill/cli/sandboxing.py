"""Serves the sandbox until a signal."""

import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shutil import which
from typing import Any

import msgspec
from msgspec.structs import replace

from sijill.cli.arguments import settings_of
from sijill.cli.output import USAGE, fail, say, warn
from sijill.cli.progress import progress_to_the_end
from sijill.cli.register import ending
from sijill.cli.running import DEMO_DEFAULTS
from sijill.cli.sandbox_file import Running, telling
from sijill.cli.seed_file import read_seed_file
from sijill.cli.serving import bound_socket, certificates_of, serve_on
from sijill.demo import APP, OWNER, demo_folder, demo_store
from sijill.demo_credentials import Credentials, kept
from sijill.oauth.tokens import mint
from sijill.sandbox.application import open_sandbox
from sijill.sandbox.blueprint import ADMIN, Keys, keys_of
from sijill.sandbox.garbage import search_often
from sijill.sandbox.home import known
from sijill.sandbox.seeds.document import read_seed
from sijill.sandbox.seeds.faults import SeedRefused
from sijill.sandbox.seeds.sections import NewPerson
from sijill.sandbox.terminal import writing
from sijill.server.serve import address_of
from sijill.server.tls.folder import AUTHORITY
from sijill.settings import Settings
from sijill.stores.model import CUSTOMER_ID
from sijill.telemetry import logs

_UNTOLD = (
    "other commands do not find this sandbox by themselves: set SIJILL_URL and SIJILL_ADMIN_TOKEN"
)


def demo(*args: Any, **given: Any) -> None:
    """Serve the sandbox under the name that it had first."""
    warn("sijill demo is now sijill sandbox")
    sandbox(*args, **given)


def sandbox(flags: dict[str, Any], tls: str | None, keep: bool, seed: str, as_json: bool) -> None:
    """
    Serve the sandbox until a signal.

    `keep` goes on with the last rows; `seed` names a seed document, "" stands for the demo.
    """
    settings = _settings(flags | {"tls": tls})
    if keep and seed:
        fail("keep and seed: kept data is not seeded again, so give one of the two", code=USAGE)
    logs.configure(settings.log_level, settings.log_format)
    search_often()
    certificates = certificates_of(settings)
    keys = keys_of(settings.admin_token or mint(ADMIN))
    document = read_seed_file(seed) if seed else None
    owners = _owners(document, settings) if seed else []
    with ExitStack() as stack:
        bound = stack.enter_context(bound_socket(settings))
        with ending():
            folder = stack.enter_context(demo_folder(settings, keep=keep))
            home = replace(settings, data_dir=str(folder))
            login = known(home, keys)
        tell = stack.enter_context(telling(settings.data_dir))
        address = address_of(bound, tls=settings.tls)

        def announce() -> None:
            now = kept(folder) or login  # a token that had ended was replaced
            ready = _running(folder, settings.public_url or address, now, keys, owners)
            path = "/customers" if seed else f"/customers/{CUSTOMER_ID}"
            lines = [*_lines(ready, address, path, certificates), *_where(folder)]
            told = tell(ready)
            say(msgspec.json.encode(ready).decode() if as_json else "\n".join(lines))
            if not told:
                warn(_UNTOLD)

        encoded = msgspec.json.encode(document) if seed else None
        terminal = None if as_json else _terminal(settings)
        open_it = partial(
            open_sandbox,
            keys=keys,
            document=encoded,
            login=login,
            terminal=terminal,
            on_progress=progress_to_the_end("seeding", settings.demo_customers),
        )
        serve_on(home, bound, announce, certificates, open_it)


def _running(
    folder: Path, url: str, login: Credentials, keys: Keys, owners: Sequence[NewPerson]
) -> Running:
    """Return what others are told of this sandbox; the first owner signs in, or the demo's."""
    person, password = OWNER, login.password
    if owners:
        person, password = owners[0].person, owners[0].password or password
    return Running(
        pid=os.getpid(),
        folder=str(folder),
        url=url,
        token=login.token,
        client_id=APP.client_id,
        client_secret=login.client_secret,
        email=person.email,
        password=password,
        admin_token=keys.admin_token,
        console_url=url + keys.entries.offer(person.email),
    )


def _terminal(settings: Settings) -> Callable[[str], None] | None:
    """Return what writes lines to the terminal; None where people do not read, or want none."""
    quiet = settings.access_log or settings.log_level in ("warning", "error")
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        return None
    return writing(sys.stderr.fileno())


def _settings(flags: Mapping[str, Any]) -> Settings:
    """Return the settings, or end the command if one of them is not for a sandbox."""
    settings = settings_of(flags, defaults=DEMO_DEFAULTS)
    given = {
        "workers": settings.workers > 1,
        "redis_url": settings.redis_url,
        "database_url": settings.database_url,
    }
    if refused := ", ".join(name for name, value in given.items() if value):
        fail(f"the sandbox is one process with rows of its own: no {refused}", code=USAGE)
    return settings


def _owners(document: Any, settings: Settings) -> list[NewPerson]:
    """Return the owners of a document, or end the command with its faults."""
    local, base = settings.webhook_targets == "local", demo_store(settings.demo_profile)
    try:
        return read_seed(document, base, today=datetime.now(UTC), local=local).owners
    except SeedRefused as refused:
        fail(*(f"{path}: {sentence}" for path, sentence in refused.faults), code=USAGE)


def _lines(ready: Running, address: str, path: str, certificates: Path | None) -> list[str]:
    trusting = f"--cacert {shlex.quote(str(certificates / AUTHORITY))} " if certificates else ""
    bearer, admin_token = f"Authorization: Bearer {ready.token}", shlex.quote(ready.admin_token)
    return [
        f"Sijill demo store on {address} (API description: {address}/_/docs)",
        f"Token with every scope: {ready.token}",
        f"curl {trusting}-H {shlex.quote(bearer)} {address}/admin/v2{path}",
        f"OAuth: client_id {ready.client_id}, client_secret {ready.client_secret}, "
        "redirect_uri http://127.0.0.1:<any port>/callback",
        f"Owner who consents: {ready.email}, password {ready.password}",
        f"Console, opened once by this link: {ready.console_url}",
        f"Admin token of the control API: {ready.admin_token}",
        f"Tests with the fixture salla: SIJILL_URL={ready.url} SIJILL_ADMIN_TOKEN={admin_token} "
        "pytest",
    ]


def _where(folder: str | Path) -> list[str]:
    """Return where the rows lie, how another terminal finds `sijill`, and how to stop it."""
    script = Path(sys.prefix, "bin", "activate")
    lines = [f"Data: {_from_here(folder)}", "Stop: Ctrl+C"]
    if which("sijill") is None and script.is_file():
        lines.insert(1, f"Commands, in another terminal: . {shlex.quote(_from_here(script))}")
    return lines


def _from_here(path: str | Path) -> str:
    """Return a path as a reader in this folder writes it."""
    path = Path(path).absolute()
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
