"""Every command of every page, pasted in order into a fresh clone, with nothing activated."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.documents import FENCE, ROOT, TEXTS, files
from fixtures.require import found

from e2e.desks import Desk, desk
from e2e.readers import CTRL_C, IN_CLONE, NOT_RUN, OPTIONAL, READERS
from e2e.walking import name_of, sh

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "each command of each page runs as it is written, from a fresh clone, or stands in a table "
        "with the reason why not"
    ),
]


@pytest.fixture
def reader_s_desk(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = desk(tmp_path, tmp_path_factory)
    yield made
    made.leave()


def lacks(line: str) -> bool:
    """Return whether a line calls what this machine does not have, behind its variables."""
    command = next(word for word in line.split() if "=" not in word)
    return command in OPTIONAL and shutil.which(command) is None


@pytest.mark.parametrize("name", READERS)
def test_its_commands_run(name: str, reader_s_desk: Desk, request: pytest.FixtureRequest) -> None:
    reader = READERS[name]
    servers = {at: request.getfixturevalue(made) for at, made in reader.servers.items()}
    means = reader.means | {address: f"'{server}'" for address, server in servers.items()}
    for file, text in reader.has.items():
        (reader_s_desk.clone / file).write_text(text)
    for block in reader.before:
        reader_s_desk.do(block)
    for block in sh(TEXTS[name]):
        if (name, name_of(block)) in NOT_RUN or lacks(name_of(block)):
            continue
        if first := reader.first.get(name_of(block)):
            reader_s_desk.interrupt() if first == CTRL_C else reader_s_desk.do(first)
        code = reader.ends.get(name_of(block), 0)
        for written, meant in means.items():
            block = block.replace(written, meant)
        reader_s_desk.do(block, code)
    assert would_be_added(reader_s_desk) - {*reader.has, *IN_CLONE} == set()


def would_be_added(desk: Desk) -> set[str]:
    """Return what `git add .` would take along into the next commit of the reader."""
    bare = ["git", f"--git-dir={desk.folder / 'git'}", f"--work-tree={desk.clone}"]
    subprocess.run([*bare, "init", "--quiet"], check=True)
    command = [*bare, "ls-files", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=desk.clone, check=True, capture_output=True, text=True)
    return {*listed.stdout.splitlines()} - {str(path.relative_to(ROOT)) for path in files("*")}


SAMPLES = {
    ("README.md", "js"): "console.log(data.first_name)",
    ("README.md", "php"): "echo $customer['first_name'];",
    ("README.md", "python"): "print(customer['first_name'])",
    ("docs/howto/point-a-client.md", "js"): "console.log((await customer(2075683582)).first_name)",
    ("docs/howto/point-a-client.md", "php"): "echo $customer['first_name'];",
    ("docs/howto/point-a-client.md", "python"): "print(customer['first_name'])",
}
"""Clients that the pages show, and what prints a name that they have read."""

RUN = {
    "js": ("node", "--input-type=module", "-e"),
    "php": ("php", "-r"),
    "python": (sys.executable, "-c"),
}


def test_the_clients_of_the_pages_read_a_customer(reader_s_desk: Desk) -> None:
    reader_s_desk.do("make demo")
    reader_s_desk.do("export SALLA_URL=http://127.0.0.1:8466/admin/v2 SALLA_TOKEN=sjl_at_…")
    for (name, language), printing in SAMPLES.items():
        sample = next(text for kind, text in FENCE.findall(TEXTS[name]) if kind == language)
        if found(RUN[language][0]):
            command = shlex.join([*RUN[language], f"{sample}\n{printing}"])
            assert reader_s_desk.terminal.paste(command).strip() == "Ahmed", (name, language)
