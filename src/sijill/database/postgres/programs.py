"""
PostgreSQL's own programs for copies, `pg_dump` and `pg_restore`: found, compared, and run.

The password of an address goes by the environment: a list of processes would show an argument.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from sijill.database.postgres.hosts import target_of

_ELSEWHERE = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
"""Where distributions keep programs of several versions, beside PATH."""

_VERSION = re.compile(r"(\d+)(\.\d+)*")


class ProgramFailed(Exception):
    """A program is missing, too old, or ended with an error; the message says which."""


class Program(NamedTuple):
    """A program of PostgreSQL: where it is, and its version as it tells it."""

    path: Path
    version: str

    @property
    def major(self) -> int:
        """The number before the first full stop of the version."""
        found = _VERSION.search(self.version)
        return int(found[1]) if found else 0


def find(name: str, folder: Path | None = None) -> Program:
    """
    Return the newest program of this name, or the one in a folder.

    Raises: ProgramFailed if there is no such program that starts.
    """
    found = [program for path in _paths(name, folder) if (program := _asked(path))]
    if not found:
        where = folder or "PATH"
        raise ProgramFailed(
            f"{name} is not in {where}: install PostgreSQL's client programs"
            " (postgresql-client in Debian), or name their folder with --pg-bin"
        )
    return max(found, key=lambda program: program.major)


def insist_on(program: Program, server: int) -> None:
    """Raise ProgramFailed if a program is older than the major version of a server."""
    if program.major < server:
        raise ProgramFailed(
            f"{program.path} is {program.version}, older than the server's {server}:"
            f" install the client programs of {server}, or name their folder with --pg-bin"
        )


def dump(program: Program, url: str, target: Path) -> None:
    """Write a copy of a database to a new file, in pg_dump's own format. Raises: ProgramFailed."""
    how = ("--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    _run(program, *how, url=url)


def restore(program: Program, url: str, copy: Path) -> None:
    """Fill an empty database from a copy, whole or not at all. Raises: ProgramFailed."""
    how = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run(program, *how, str(copy), url=url)


def read_through(program: Program, copy: Path) -> None:
    """Read a copy from its first byte to its last. Raises: ProgramFailed."""
    _run(program, "--file=/dev/null", str(copy))


def without_password(url: str) -> tuple[str, str | None]:
    """Return an address without its password, and the password."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    name, colon, password = user.partition(":")
    query = parse_qsl(parts.query, keep_blank_values=True)
    given = [value for key, value in query if key == "password"]
    if colon:
        given.insert(0, unquote(password))
    rest = urlencode([pair for pair in query if pair[0] != "password"])
    bare = urlunsplit((parts.scheme, f"{name}{at}{hosts}", parts.path, rest, ""))
    if not parts.netloc:  # urlunsplit leaves out the slashes of an address without hosts
        bare = bare.replace(f"{parts.scheme}:", f"{parts.scheme}://", 1)
    return bare, given[0] if given else None


def _run(program: Program, *arguments: str, url: str | None = None) -> None:
    environ = dict(os.environ, LC_ALL="C")
    address: Sequence[str] = ()
    if url is not None:
        bare, password = without_password(url)
        address = ("--no-password", f"--dbname={bare}")
        if password is not None:
            environ["PGPASSWORD"] = password
        if target := target_of(url):
            environ["PGTARGETSESSIONATTRS"] = target
    command = [str(program.path), *address, *arguments]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL; no shell reads the arguments
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True
    )
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        raise ProgramFailed(f"{program.path.name} failed: {told[0]}")


def _paths(name: str, folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder / name
        return
    if found := shutil.which(name):
        yield Path(found)
    for pattern in _ELSEWHERE:
        yield from sorted(Path("/").glob(f"{pattern[1:]}/{name}"))


def _asked(path: Path) -> Program | None:
    try:
        done = subprocess.run(  # noqa: S603 - see above
            [path, "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return Program(path, done.stdout.strip())
