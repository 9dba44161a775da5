"""Which sandbox a command is about: the one that SIJILL_URL names, else that of the data folder."""

import os

from sijill.cli.output import AWAY, USAGE, fail
from sijill.cli.sandbox_file import Running, find
from sijill.settings.parsers import address

URL = "SIJILL_URL"
"""The variable with the base of a sandbox's URLs, without `/admin/v2`."""


def named_url() -> str | None:
    """Return the address that SIJILL_URL has; a faulty one ends the command."""
    try:
        return address(os.environ.get(URL, "")) or None
    except ValueError as fault:
        fail(f"{URL}: {fault}", code=USAGE)


def find_or_end(data_dir: str) -> Running:
    """Return the sandbox of a data folder, or end the command."""
    sentence = f"no sandbox runs on {data_dir}: sijill sandbox start starts one"
    return find(data_dir) or fail(sentence, code=AWAY)
