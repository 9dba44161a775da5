"""What is shown: the table, the aims and whether they are met, and the same as JSON."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.comparison import Verdict
from benchmarks.rounds import Result

Results = Mapping[str, Result]

MB = 1_000_000
SMALL, LARGE = "s10000", "s1000000"


class Aim(NamedTuple):
    """One aim: what is wanted, the cases it needs, the figure, and whether it is met."""

    sentence: str
    needs: tuple[str, ...]
    figure: Callable[[Results], float]
    met: Callable[[float], bool]


def _share(case: str, least: float) -> Aim:
    """Return the aim that a case serves so much of the rate of a constant answer."""
    sentence = f"({case}) at least {least:.2f} of (a)"
    return Aim(sentence, (case,), lambda r: r[case].ratio, lambda x: round(x, 2) >= least)


AIMS = (
    *(_share("b", 0.75), _share("b+", 0.70), _share("c", 0.35)),
    *(_share("d1", 0.15), _share("d2", 0.10)),
    Aim("(m) at least 0.95 of (m0)", ("m",), lambda r: r["m"].ratio, lambda x: round(x, 2) >= 0.95),
    Aim(
        "p50 at 1,000,000 customers within 1.2 of 10,000",
        (SMALL, LARGE),
        lambda r: r[LARGE].p50_ratio,
        lambda x: x <= 1.2,
    ),
    Aim(
        "p50 of a selective search within 10 of Details at 1,000,000",
        ("k1",),
        lambda r: r["k1"].p50_ratio,
        lambda x: x <= 10,
    ),
    Aim(
        "the idle server at most 64 MB",
        ("b", "c"),
        lambda r: max(r["b"].idle, r["c"].idle) / MB,
        lambda x: x <= 64,
    ),
)

_COLUMNS: tuple[tuple[str, Callable[[Result], str]], ...] = (
    ("req/s", lambda r: f"{r.rate:,.0f}"),
    ("ratio", lambda r: f"{r.ratio:.3f}"),
    ("p50 ms", lambda r: f"{r.p50 / 1000:.2f}"),
    ("p99 ms", lambda r: f"{r.p99 / 1000:.2f}"),
    ("CPU us", lambda r: f"{r.cpu:.0f}"),
    ("idle MB", lambda r: f"{r.idle / MB:.0f}"),
    ("after MB", lambda r: f"{r.loaded / MB:.0f}"),
)
"""Head and text of each column beside the name of the case."""


def table(results: Sequence[Result]) -> str:
    """Return the results as text, one line a case."""
    rows = [("", *(head for head, _ in _COLUMNS))]
    for result in results:
        rows.append((_name(result), *(text(result) for _, text in _COLUMNS)))
    return "\n".join(_line(row) for row in rows)


def aims(results: Sequence[Result]) -> list[dict[str, object]]:
    """Return each aim that was measured: its sentence, the figure, and whether it is met."""
    by_key = {result.key: result for result in results}
    judged = []
    for aim in AIMS:
        if all(key in by_key for key in aim.needs):
            figure = aim.figure(by_key)
            judged.append({"aim": aim.sentence, "figure": figure, "met": aim.met(figure)})
    return judged


def aims_text(judged: Sequence[Mapping[str, object]]) -> str:
    """Return the aims as text, one line each."""
    return "\n".join(
        f"{'met   ' if aim['met'] else 'MISSED'}  {aim['aim']}: {aim['figure']:.3g}"
        for aim in judged
    )


def save(file: Path, about: Mapping[str, str], results: Sequence[Result]) -> None:
    """Write everything as JSON. Units: as `rounds.Result`."""
    _write(file, {"about": about, "results": results, "aims": aims(results)})


def save_comparison(file: Path, about: Mapping[str, str], verdicts: Sequence[Verdict]) -> None:
    """Write a comparison as JSON. Units: as `comparison.Verdict`."""
    _write(file, {"about": about, "verdicts": verdicts})


def _write(file: Path, document: Mapping[str, object]) -> None:
    file.write_bytes(msgspec.json.format(msgspec.json.encode(document)) + b"\n")


def _name(result: Result) -> str:
    return result.title if result.key.startswith("s") else f"({result.key}) {result.title}"


def _line(row: Sequence[str]) -> str:
    return f"{row[0]:<38}" + "".join(f"{cell:>10}" for cell in row[1:])
