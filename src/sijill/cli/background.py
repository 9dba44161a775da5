"""`sijill sandbox stop` and the like: the sandbox that runs, and what it tells."""

import os
import shlex
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import click

from sijill.cli.arguments import JSON, command, duration, option, settings_of
from sijill.cli.fetching import Away, is_ready
from sijill.cli.finding import URL, find_or_end, named_url
from sijill.cli.output import AWAY, fail, say, say_json, show_json
from sijill.cli.sandbox_file import Running, find, log_of

T = TypeVar("T")

INTERVAL = 0.05
"""Seconds between two looks at what a command waits for."""

VARIABLES = {
    URL: "url",
    "SIJILL_TOKEN": "token",
    "SIJILL_ADMIN_TOKEN": "admin_token",
    "SIJILL_CLIENT_ID": "client_id",
    "SIJILL_CLIENT_SECRET": "client_secret",
}
"""The variables of `sijill sandbox env`, and the attributes of `Running` that they tell."""

_DATA = ("data_dir",)


def within(seconds: str) -> click.Option:
    """Return the option `--within`."""
    help = "How long to wait at most, such as 30 or 2m."
    return option("--within", help, default=seconds, parse=duration)


@command(within("40"), JSON, settings=_DATA)
def stop_command(flags: dict[str, Any], within: float, as_json: bool) -> None:
    data_dir = settings_of(flags).data_dir
    running = find(data_dir)
    if running is not None:
        _end(running, data_dir, within)
    if as_json:
        show_json({"running": False})
    elif running is None:
        say(f"No sandbox runs on {data_dir}")
    else:
        say(f"The sandbox on {running.url} has ended")


@command(JSON, settings=_DATA)
def status_command(flags: dict[str, Any], as_json: bool) -> None:
    data_dir = settings_of(flags).data_dir
    if as_json and find(data_dir) is None:
        show_json({"running": False})
    tell(find_or_end(data_dir), as_json=as_json)


@command(within("30"), JSON, settings=_DATA)
def wait_command(flags: dict[str, Any], within: float, as_json: bool) -> None:
    data_dir, named = settings_of(flags).data_dir, named_url()

    def answering() -> str | None:
        running = find(data_dir) if named is None else None
        url = named if running is None else running.url
        with suppress(Away):
            return url if url is not None and is_ready(url, data_dir=data_dir) else None
        return None

    url = _until(answering, within)
    if url is None:
        fail(f"no sandbox has answered within {within:g} seconds", code=AWAY)
    if as_json:
        show_json({"url": url})
    else:
        say(f"The sandbox on {url} answers")


@command(
    option("--follow", "Print further lines until the sandbox ends.", is_flag=True),
    option("--json", "Print each line as an object on a line of its own.", "as_json", is_flag=True),
    settings=_DATA,
)
def logs_command(flags: dict[str, Any], follow: bool, as_json: bool) -> None:
    data_dir = settings_of(flags).data_dir
    try:
        with log_of(data_dir).open(errors="replace") as log, suppress(KeyboardInterrupt):
            runs = True
            while runs:
                runs = follow and find(data_dir) is not None
                for line in log:
                    if as_json:
                        say_json({"line": line.removesuffix("\n")})
                    else:
                        print(line, end="", flush=True)
                time.sleep(INTERVAL if runs else 0)
    except FileNotFoundError:
        fail(f"no sandbox was started in the background on {data_dir}")


@command(
    option("--unset", "Print lines that unset the variables.", is_flag=True), JSON, settings=_DATA
)
def env_command(flags: dict[str, Any], unset: bool, as_json: bool) -> None:
    values: dict[str, str | None] = dict.fromkeys(VARIABLES)
    if not unset:
        running = find_or_end(settings_of(flags).data_dir)
        values = {name: getattr(running, attribute) for name, attribute in VARIABLES.items()}
    if as_json:
        show_json(values)
        return
    for name, value in values.items():
        say(f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}")


def _end(running: Running, data_dir: str, within: float) -> None:
    """End the process of a sandbox, or the command if that does not end."""
    try:
        os.kill(running.pid, signal.SIGTERM)
    except ProcessLookupError:
        pass
    except PermissionError:
        fail(f"process {running.pid} is another user's")
    if not _until(lambda: find(data_dir) != running, within):
        fail(f"process {running.pid} has not ended within {within:g} seconds")


def tell(running: Running, *, as_json: bool) -> None:
    """Print which sandbox runs, without its secrets."""
    if as_json:
        show_json({"running": True, "url": running.url, "pid": running.pid})
    else:
        say(f"The sandbox runs on {running.url}, process {running.pid}")


def _until(look: Callable[[], T | None], within: float) -> T | None:
    """Return the first true result of a look, or None after so many seconds."""
    deadline = time.monotonic() + within
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(INTERVAL)
    return found or None
