"""A sandbox for tests: the process, and the namespaces on it."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cached_property
from re import search
from select import select
from tempfile import TemporaryFile
from typing import IO, Any

from sijill.testing.control import Control, ControlRefused
from sijill.testing.salla import Salla

__tracebackhide__ = True

START = 60.0
"""Seconds within which a sandbox must answer."""
GRACE = 10.0
"""Seconds that a sandbox has for its end."""


class NotStarted(Exception):
    """The sandbox did not start; the message has what it said."""


class Server:
    """A running sandbox."""

    def __init__(self, url: str, admin_token: str) -> None:
        """`url` is its address, without a last slash."""
        self.url, self.admin_token = url, admin_token
        self._control = Control(f"{url}/_", admin_token)

    @cached_property
    def operations(self) -> frozenset[str]:
        """The names of operations. Raises: ControlRefused."""
        return frozenset(self._control.call("GET", "/operations")["operations"])

    def check(self, op: str) -> None:
        """Raise ValueError for an operation that does not exist; it names the nearest ones."""
        if op not in self.operations:
            near = get_close_matches(op, self.operations) or sorted(self.operations)
            raise ValueError(f"there is no operation {op}: is it {' or '.join(near)}?")

    @contextmanager
    def namespace(
        self,
        name: str | None = None,
        *,
        seed: Mapping[str, Any] | None = None,
        settings: Mapping[str, str] | None = None,
        ttl: float | None = None,
    ) -> Iterator[Salla]:
        """
        Make a namespace that is gone at the end of the block.

        A `name` that is taken is made longer. `ttl`: real seconds without a request after which
        the sandbox drops it by itself.
        Raises: ControlRefused.
        """
        wanted = {"name": name, "seed": seed, "settings": settings, "ttl": ttl}
        body = {key: value for key, value in wanted.items() if value is not None}
        try:
            made = self._control.call("POST", "/ns", body)
        except ControlRefused as refusal:
            if refusal.status != 409:
                raise
            made = self._control.call(
                "POST", "/ns", body | {"name": f"{name}-{secrets.token_hex(4)}"}
            )
        control = Control(f"{self.url}/_/ns/{made['name']}", made["control_token"])
        salla = Salla(made, control, self.check)
        try:
            yield salla
        finally:
            salla.close()


@contextmanager
def running() -> Iterator[Server]:
    """
    Run a sandbox on a free port until the end of the block; it reads no settings of the user.

    Raises: NotStarted.
    """
    token = secrets.token_urlsafe(32)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIJILL_")}
    environ["SIJILL_ADMIN_TOKEN"] = token
    # -P: no module of the folder of the tests stands in for one of Python's.
    command = [sys.executable, "-P", "-m", "sijill.testing.child", "sandbox", "--port", "0"]
    with TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for the tests, which still need it then
        )
        try:
            yield Server(_address(process, errors), token)
        finally:
            _end(process)


def _address(process: subprocess.Popen[bytes], errors: IO[bytes]) -> str:
    """Return the address in the first line of the process. Raises: NotStarted."""
    ready = process.stdout and select([process.stdout], [], [], START)[0]
    line = process.stdout.readline().decode() if process.stdout and ready else ""
    found = search(r"https?://\S+", line)
    if found is None:
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
        raise NotStarted(f"the sandbox did not start\n{said}")
    return found[0]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a sandbox: the end of its input tells it to."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
