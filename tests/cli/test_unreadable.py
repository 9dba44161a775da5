"""Commands of a user who may not read a file or a folder: one sentence, which names it."""

import shutil
from pathlib import Path

from fixtures.tables import rows
from fixtures.unprivileged import typed_without

OWN = {"SIJILL_CONFIG": "own.toml"}
TOKEN = {"SIJILL_ADMIN_TOKEN_FILE": "token"}
USE = "cannot be used: Permission denied"
ELSEWHERE = "work in a folder that this user may read, or name the file in SIJILL_CONFIG"
SETTINGS = f"Permission denied: {ELSEWHERE}"
DATABASE = "the database file cannot be opened: is it there, and is it this user's?"

ROWS = (
    # locked, command, environment, exit code, place that is named, end of the sentence
    (".", "store list", {}, 64, "sijill.toml", SETTINGS),
    (".", "serve --port 0", {}, 64, "sijill.toml", SETTINGS),
    (".", "sandbox status", {}, 64, "sijill.toml", SETTINGS),
    ("sijill.toml", "store list", {}, 64, "sijill.toml", SETTINGS),
    ("own.toml", "store list", OWN, 64, "own.toml", "Permission denied"),
    ("token", "settings", TOKEN, 64, "SIJILL_ADMIN_TOKEN_FILE", "Permission denied"),
    (".sijill", "store list", {}, 1, ".sijill/sijill.db", USE),
    (".sijill", "import f.csv", {}, 1, ".sijill/tmp", USE),
    (".sijill", "export f.jsonl", {}, 1, ".sijill/tmp", USE),
    (".sijill", "doctor", {}, 1, ".sijill/tmp", USE),
    (".sijill", "serve --port 0", {}, 1, ".sijill/tmp", USE),
    (".sijill", "deliver", {}, 1, ".sijill/sijill.db", USE),
    (".sijill", "audit verify", {}, 1, ".sijill/sijill.db", USE),
    (".sijill", "tls ca", {}, 1, ".sijill/tls", USE),
    (".sijill", "sandbox status", {}, 1, ".sijill/sandbox", "cannot be read: Permission denied"),
    (".sijill", "sandbox logs", {}, 1, ".sijill/sandbox/log.txt", USE),
    (".sijill/sijill.db", "store list", {}, 1, ".sijill/sijill.db", DATABASE),
    (".sijill/sijill.db", "serve --port 0", {}, 1, ".sijill/sijill.db", USE),
    (".sijill/secret.key", "keys list", {}, 1, ".sijill/secret.key", USE),
    (".sijill/secret.key", "keys rotate", {}, 1, ".sijill/secret.key", USE),
    ("f.csv", "import f.csv", {}, 64, "f.csv", "Permission denied"),
)


@rows(("locked", "words", "environ", "code", "place", "end"), ROWS)
def test_one_sentence_names_what_cannot_be_read(
    tmp_path: Path,
    stocked: Path,
    locked: str,
    words: str,
    environ: dict[str, str],
    code: int,
    place: str,
    end: str,
) -> None:
    folder = tmp_path / "home"
    if not folder.exists():
        shutil.copytree(stocked, folder / ".sijill")
        for name in ("sijill.toml", "own.toml", "token", "f.csv", ".sijill/secret.key"):
            (folder / name).touch()
    done = typed_without(folder / locked, folder, *words.split(), environ=environ)
    assert done.returncode == code, done.stderr
    sentence, *more = done.stderr.splitlines()
    assert not more
    assert place in sentence
    assert sentence.endswith(end)
