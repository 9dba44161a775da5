"""Which sandbox a command is about: the one that SIJILL_URL names, else that of the data folder."""

import os
from pathlib import Path

from msgspec.structs import replace

from sijill.cli.output import AWAY, USAGE, fail
from sijill.cli.sandbox_file import Running, find
from sijill.demo_credentials import folder_of
from sijill.settings import Settings
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
    folder = Path(data_dir).absolute()
    sentence = f"no sandbox runs on {folder}: sijill sandbox start starts one"
    elsewhere = "if it was started in another folder, name its data folder with --data-dir"
    return find(data_dir) or fail(f"{sentence}; {elsewhere}", code=AWAY)


def of_sandbox(settings: Settings) -> Settings:
    """Return settings that name the data of the sandbox of the data folder; or end the command."""
    running = find(settings.data_dir)
    folder = folder_of(settings) if running is None else Path(running.folder)
    if not folder.is_dir():
        fail(f"no sandbox has left data in {folder}: sijill sandbox start starts one")
    return replace(settings, data_dir=str(folder), database_url="")
