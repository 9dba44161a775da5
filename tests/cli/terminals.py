"""A command at a terminal of its own, at which a person answers questions."""

import os
import pty
import sys

from cli.operating import Operator


def answer(operator: Operator, *words: str, to: str, by: str) -> tuple[int, str]:
    """Return the exit code and the output of a command whose question a person answers."""
    child, terminal = pty.fork()
    if not child:  # the command, at the terminal
        os.chdir(operator.folder)
        environ = os.environ | {"SIJILL_DATA_DIR": str(operator.folder / "data")}
        os.execve(sys.executable, [sys.executable, "-m", "sijill", *words], environ)
    shown = b""
    while to.encode() not in shown:
        shown += os.read(terminal, 1_000)
    os.write(terminal, by.encode())
    try:
        while part := os.read(terminal, 1_000):
            shown += part
    except OSError:  # the terminal of a process that has ended
        pass
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode()
