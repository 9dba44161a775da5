"""The options of `python -m benchmarks`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

UNSAVED = ("writes", "webhooks", "sandbox", "mirror", "console")
"""Questions whose figures are printed alone."""


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """
    Return the options: at most one of the exclusive ones, which each ask one question, is set.

    Raises: SystemExit if they cannot be understood.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Sijill.")
    parser.add_argument("--quick", action="store_true", help="short rounds, without the million")
    parser.add_argument("--rounds", type=_rounds, help="rounds; 5, or 3 with --quick")
    question = parser.add_mutually_exclusive_group()
    question.add_argument("--scale", action="store_true", help="only 10,000 against 1,000,000")
    question.add_argument("--writes", action="store_true", help="only what writing costs")
    question.add_argument("--webhooks", action="store_true", help="only what webhooks cost")
    question.add_argument("--sandbox", action="store_true", help="only what namespaces cost")
    question.add_argument("--mirror", action="store_true", help="only what a copy costs")
    question.add_argument("--console", action="store_true", help="only what its pages cost")
    question.add_argument(
        "--against",
        type=Path,
        metavar="WORKTREE",
        help="only whether this tree is slower than another checkout; exit code 1 if it is",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    given = parser.parse_args(arguments)
    asked = [name for name in UNSAVED if getattr(given, name)]
    if given.json and asked:
        parser.error(f"--json cannot save the figures of --{asked[0]}")
    return given


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < 1:
        raise argparse.ArgumentTypeError("at least one round")
    return rounds
