"""`sijill state`: the rows and the time of a namespace as a file."""

from pathlib import Path
from typing import Any

from sijill.cli.arguments import argument, read_file
from sijill.cli.control_client import Ask, on_sandbox
from sijill.cli.output import fail
from sijill.server.tls.folder import PRIVATE, write


@on_sandbox(
    argument("file", "The file to write; its owner alone may read it."),
    shown=lambda saved: f"{saved['file']} has the state: {saved['bytes']} bytes",
)
def save_command(ask: Ask, file: str) -> Any:
    state: bytes = ask("GET", "state")
    try:
        write(Path(file), state, PRIVATE)
    except OSError as fault:
        fail(f"{file}: {fault.strerror}")
    return {"file": file, "bytes": len(state)}


@on_sandbox(
    argument("file", "A file that state save wrote, or - for standard input."),
    shown=lambda told: f"the state is loaded: {told['customers']} customer(s), {told['at']}",
)
def load_command(ask: Ask, file: str) -> Any:
    return ask("PUT", "state", read_file(file))
