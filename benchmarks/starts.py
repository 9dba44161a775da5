"""
The start of commands: processor time of each, as a share of importing the whole server.

`python -m benchmarks.starts` prints them. Before commands were loaded one by one, each of them
imported the whole server.
"""

import os
import resource
import subprocess
import sys
import tempfile

ROUNDS = 9
"""Starts of each, of which the quickest counts."""

WHOLE = ("-c", "import sijill.cli.serving, sijill.app")
COMMANDS = (
    *("--help", "store --help", "store create --help", "import --help", "serve --help"),
    *("webhook trigger --help", "store list", "app list", "token list", "webhook list", "settings"),
)


def seconds(*words: str, folder: str) -> float:
    """Return the processor time of the quickest start of a Python process."""
    spent = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *words],
            cwd=folder,
            env=os.environ | {"SIJILL_DATA_DIR": folder},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


def main() -> None:
    """Print a line for each command."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "sijill", "store", "create", "shop", "--data-dir", folder],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        whole = seconds(*WHOLE, folder=folder)
        print(f"the whole server   {whole:.3f} s")
        for words in COMMANDS:
            spent = seconds("-m", "sijill", *words.split(), folder=folder)
            print(f"{words:24}  {spent:.3f} s, {spent / whole:.2f} of it")


if __name__ == "__main__":
    main()
