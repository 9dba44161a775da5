"""`sijill sandbox start`: a sandbox in the background."""

import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from typing import IO, Any, NoReturn, cast

from click.exceptions import Exit

from sijill.cli.arguments import JSON, command, option, settings_of
from sijill.cli.background import tell, within
from sijill.cli.output import FAILED, USAGE, fail, plain, warn
from sijill.cli.running import DEMO_DEFAULTS, KEEP, SANDBOX, TLS
from sijill.cli.sandbox_file import find, log_of, own_file
from sijill.settings.loading import PREFIX

LAST_LINES = 20
"""Lines of the log that are shown if a sandbox does not start."""


@command(
    TLS,
    KEEP,
    option(
        "--seed",
        "File with a seed document, as of sijill sandbox.",
        "seed",
        default="",
        metavar="FILE",
    ),
    within("30"),
    JSON,
    settings=SANDBOX,
    defaults=DEMO_DEFAULTS,
)
def start_command(
    flags: dict[str, Any], tls: str | None, keep: bool, seed: str, within: float, as_json: bool
) -> None:
    flags["tls"] = tls
    data_dir = settings_of(flags).data_dir
    if (other := find(data_dir)) is not None:
        fail(f"a sandbox runs already on {other.url}, process {other.pid}")
    if seed == "-":
        fail("seed: name a file, which the sandbox in the background can read", code=USAGE)
    more = [*(["--keep"] if keep else []), *(["--seed", seed] if seed else [])]
    child = _spawned(data_dir, flags, more)
    try:
        if not _is_announced(child, within):
            _fail_with_log(data_dir)
        running = find(data_dir)
        if running is None or running.pid != child.pid:
            fail("another sandbox was started at the same time")
    except BaseException:
        _end(child)
        raise
    child.returncode = 0  # it lives on, and nobody is to wait for its end
    tell(running, as_json=as_json)


def _spawned(
    data_dir: str, flags: Mapping[str, str | None], more: Sequence[str]
) -> subprocess.Popen[str]:
    """Start a sandbox that logs to a file. Its flags are variables: processes are listed."""
    given = {PREFIX + name.upper(): text for name, text in flags.items() if text is not None}
    path = log_of(data_dir)
    try:
        log = own_file(path)
    except OSError as fault:
        fail(f"{path} cannot be written: {fault.strerror}")
    os.ftruncate(log, 0)
    try:
        return subprocess.Popen(  # noqa: S603 - no shell, and the file is the caller's
            [sys.executable, "-P", "-m", "sijill", "sandbox", "--json", *more],
            env=os.environ | given,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    finally:
        os.close(log)


def _is_announced(child: subprocess.Popen[str], within: float) -> bool:
    """Return whether a sandbox prints in time that it answers."""
    with cast("IO[str]", child.stdout) as output:
        in_time, _, _ = select.select([output], [], [], within)
        return bool(in_time and output.readline())


def _end(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _fail_with_log(data_dir: str) -> NoReturn:
    path = log_of(data_dir)
    warn(f"the sandbox did not start; the end of {path}:")
    with path.open(errors="replace") as log:
        for line in deque(log, LAST_LINES):
            print(plain(line.rstrip("\n")), file=sys.stderr)
    raise Exit(FAILED)
