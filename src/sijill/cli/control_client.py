"""The commands that ask the control API of the sandbox that runs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

import click
import msgspec

from sijill.cli.arguments import JSON, command, option, settings_of
from sijill.cli.fetching import Away, Fetched, fetch
from sijill.cli.finding import URL, find_or_end, named_url
from sijill.cli.output import AWAY, FAILED, USAGE, fail, plain, say, show_json
from sijill.cli.tables import print_table
from sijill.settings import Settings

NAMESPACE = "SIJILL_NAMESPACE"
"""The variable that names a namespace."""

PATIENCE = 330.0
"""Seconds that a call may take: more than its longest wait."""

PROBLEM, BINARY = "application/problem+json", "application/octet-stream"
CODES = {400: USAGE, 422: USAGE}
"""The exit codes of problems; all others are FAILED."""

NS = option("--ns", f"Name of a namespace; else ${NAMESPACE}.", default="default", envvar=NAMESPACE)

Shown = str | Sequence[Mapping[str, Any]]
"""An answer as people see it: a sentence, or the rows of a table."""


class Ask(Protocol):
    """A control call; its path is relative to the namespace of the command, or to `/_/`."""

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """
        Return the decoded answer, {} for an empty one, bytes for a file.

        A problem ends the command. `body` is sent as JSON, or bytes as they are.
        """


class Sandbox(NamedTuple):
    """Where the control API is, and what it takes."""

    url: str
    admin_token: str
    data_dir: str

    def ask(self, prefix: str) -> Ask:
        """Return a function that makes control calls below a prefix."""

        def call(method: str, path: str, body: Any = None) -> Any:
            sent = body if body is None or isinstance(body, bytes) else msgspec.json.encode(body)
            try:
                fetched = fetch(
                    method,
                    f"{self.url}/_/{prefix}{path}",
                    data_dir=self.data_dir,
                    headers={"Authorization": f"Bearer {self.admin_token}"},
                    body=sent,
                    seconds=PATIENCE,
                )
            except Away as fault:
                named = f": see {URL}" if named_url() else ""
                fail(f"{fault}{named}", code=AWAY)
            return _decoded(self.url, fetched)

        return call


def running_sandbox(settings: Settings) -> Sandbox:
    """Return the sandbox that SIJILL_URL names, else that of the data folder; or end."""
    url = named_url()
    if url is not None:
        if not settings.admin_token:
            fail(f"{URL} is set: set SIJILL_ADMIN_TOKEN too", code=USAGE)
        return Sandbox(url, settings.admin_token, settings.data_dir)
    running = find_or_end(settings.data_dir)
    return Sandbox(running.url, running.admin_token, settings.data_dir)


def encoded(name: str) -> str:
    """Return a name as one segment of a path."""
    return quote(name, safe="")


def short_moment(at: str) -> str:
    """Return a moment in RFC 3339 as month, day and time, for a table."""
    return at[5:19].replace("T", " ")


def on_sandbox(
    *parameters: click.Parameter, shown: Callable[[Any], Shown], namespaced: bool = True
) -> Callable[[Callable[..., Any]], click.Command]:
    """
    Return a decorator that makes a command of a function on the sandbox that runs.

    The first argument of the function is an `Ask`, and its result the answer of a call: the
    command prints that as JSON, or what `shown` makes of it. A `namespaced` command has the option
    `--ns`, and its calls are about that namespace.
    """

    def decorate(work: Callable[..., Any]) -> click.Command:
        options = [*parameters, *([NS] if namespaced else []), JSON]

        @command(*options, settings=("data_dir", "admin_token"))
        def call(flags: dict[str, Any], as_json: bool, **given: Any) -> None:
            prefix = f"ns/{encoded(given.pop('ns'))}/" if namespaced else ""
            answer = work(running_sandbox(settings_of(flags)).ask(prefix), **given)
            if as_json:
                show_json(answer)
                return
            told = shown(answer)
            if isinstance(told, str):
                say(plain(told))
            else:
                print_table(told)

        return call

    return decorate


def _decoded(url: str, fetched: Fetched) -> Any:
    if fetched.status == 200 and fetched.media_type == BINARY:
        return fetched.body
    try:
        content = msgspec.json.decode(fetched.body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError):
        content = None
    if fetched.status >= 400 and fetched.media_type == PROBLEM and isinstance(content, dict):
        fail(str(content.get("detail")), code=CODES.get(fetched.status, FAILED))
    if fetched.status >= 300 or not isinstance(content, dict):
        fail(f"{url} is no sandbox: it answers with status {fetched.status}", code=AWAY)
    return content
