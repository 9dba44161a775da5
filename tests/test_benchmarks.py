"""How the benchmarks compare two trees: turns, ratios, verdicts, options, and whose source runs."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.client import requests
from benchmarks.comparison import (
    AGAIN,
    BASE,
    MEMORY,
    MILLIS,
    NEW,
    ORDERS,
    RATE,
    RESOLUTION,
    Round,
    Unit,
    Verdict,
    exit_code,
    judge,
    order,
    table,
    verdicts,
)
from benchmarks.options import parse
from benchmarks.trees import Tree, checkout


def rounds(*figures: tuple[float, float, float]) -> list[Round]:
    return [Round(base, new, again) for base, new, again in figures]


def verdict(unit: Unit, *figures: tuple[float, float, float]) -> Verdict:
    return judge("case", unit, rounds(*figures))


@pytest.mark.parametrize(
    ("unit", "new", "says"),
    [
        (RATE, 90, "slower"),
        (RATE, 96, "no slower"),
        (RATE, 104, "no slower"),
        (RATE, 110, "faster"),
        (MILLIS, 110, "slower"),
        (MILLIS, 104, "no slower"),
        (MILLIS, 90, "faster"),
        (MEMORY, 110, "larger"),
        (MEMORY, 101, "no larger"),
        (MEMORY, 90, "smaller"),
    ],
)
def test_only_a_difference_beyond_the_spread_of_the_base_is_one(
    unit: Unit, new: float, says: str
) -> None:
    found = verdict(unit, (98, new, 102), (102.5, new, 97.5), (100, new, 100))
    assert found.says == says
    assert found.worse is (says in ("slower", "larger"))


def test_the_spread_is_the_same_whichever_run_of_the_base_was_the_faster() -> None:
    one, other = (100, 100, 80), (80, 100, 100)
    assert verdict(RATE, one).spread == verdict(RATE, other).spread == 1.25
    assert verdict(MILLIS, one).spread == verdict(MILLIS, other).spread == 1.25


def test_one_wide_round_widens_the_spread_of_all() -> None:
    quiet = [(100, 95, 100)] * 4
    assert verdict(RATE, *quiet).says == "slower"
    assert verdict(RATE, *quiet, (100, 95, 90)).says == "no slower"


def test_one_disturbed_turn_of_the_new_tree_is_no_verdict() -> None:
    assert verdict(RATE, (100, 100, 102), (102, 101, 100), (101, 20, 99)).says == "no slower"


def test_a_ratio_is_taken_within_a_round_so_that_a_slow_round_is_slow_for_all() -> None:
    found = verdict(RATE, (100, 110, 100), (50, 55, 50), (20, 22, 20))
    assert found.ratio == pytest.approx(1.1)
    assert (found.base, found.new) == (50, 55)


def test_the_base_of_a_round_is_the_mean_of_its_two_runs() -> None:
    assert verdict(RATE, (90, 100, 110)).ratio == 1
    assert verdict(RATE, (90, 100, 110)).base == 100


def test_a_difference_below_the_resolution_is_none_however_even_the_base() -> None:
    assert verdict(RATE, (1000, 991, 1000)).says == "no slower"
    assert verdict(RATE, (1000, 989, 1000)).says == "slower"
    assert verdict(RATE, (1000, 989, 1000)).spread == RESOLUTION


@pytest.mark.parametrize("figures", [[], [(1, 0, 1)], [(0, 1, 1)], [(1, 1, -1)]])
def test_a_figure_that_cannot_be_is_an_error(figures: list[tuple[float, float, float]]) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        verdict(RATE, *figures)


def test_a_case_is_judged_in_each_of_its_units() -> None:
    figures = {RATE: 100.0, MILLIS: 5.0}
    turns = {BASE: figures, NEW: {RATE: 50.0, MILLIS: 5.0}, AGAIN: figures}
    judged, few = verdicts({"case": [turns]}, 1)
    assert [(one.case, one.unit, one.says) for one in judged] == [
        ("case", "req/s", "slower"),
        ("case", "ms", "no slower"),
    ]
    assert few == []


@pytest.mark.parametrize(("left", "is_judged"), [(0, False), (2, False), (3, True)])
def test_a_case_needs_more_than_half_of_the_rounds(left: int, is_judged: bool) -> None:
    turns = {name: {RATE: 1.0} for name in (BASE, NEW, AGAIN)}
    judged, few = verdicts({"case": [turns] * left}, 4)
    assert bool(judged) is is_judged
    assert few == ([] if is_judged else ["case"])


def test_the_exit_code_is_1_where_one_case_is_worse() -> None:
    good, bad = verdict(RATE, (100, 100, 100)), verdict(MILLIS, (100, 120, 100))
    assert exit_code([]) == exit_code([good]) == 0
    assert exit_code([good, bad]) == 1


def test_each_contestant_takes_each_place_equally_often_and_each_pair_turns_round() -> None:
    for place in range(3):
        assert Counter(names[place] for names in ORDERS) == {BASE: 2, NEW: 2, AGAIN: 2}
    earlier = Counter(
        (one, other) for names in ORDERS for i, one in enumerate(names) for other in names[i + 1 :]
    )
    assert set(earlier.values()) == {3}


def test_cases_of_one_round_do_not_all_begin_with_the_same_contestant() -> None:
    assert order(0, 0) == ORDERS[0]
    assert order(0, 1) == order(1, 0) == ORDERS[1]
    assert order(4, 3) == ORDERS[1]


def test_the_table_has_a_line_for_each_verdict() -> None:
    head, line = table([verdict(RATE, (12000, 9000, 12500))]).splitlines()
    assert head.split() == ["base", "new", "ratio", "spread"]
    assert line.split() == [
        *("case", "req/s", "12,250", "9,000"),
        *("0.735", "0.960-1.042", "slower"),
    ]


def test_against_names_a_checkout() -> None:
    options = parse(["--against", "../base", "--quick", "--rounds", "7"])
    assert options.against == Path("../base")
    assert options.quick
    assert options.rounds == 7


def test_without_options_everything_is_measured() -> None:
    options = parse([])
    assert not any((options.against, options.quick, options.scale, options.writes, options.json))
    assert options.rounds is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["--against"],
        ["--against", "x", "--writes"],
        ["--against", "x", "--scale"],
        ["--rounds", "0"],
        ["--rounds", "few"],
        ["--console", "--json", "figures.json"],
        ["--writes", "--json", "figures.json"],
    ],
)
def test_options_that_make_no_sense_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        parse(arguments)
    assert refused.value.code == 2
    assert "error: " in capsys.readouterr().err


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a checkout whose program has nothing inside that this tree has."""
    package = tmp_path / "src" / "sijill"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import os, sys\n"
        "if 'fail' in sys.argv: sys.exit(3)\n"
        "print(__file__, sys.argv[1:], [key for key in os.environ if key.startswith('SIJILL_')])\n"
    )
    return tmp_path


def test_a_command_runs_the_source_of_its_own_tree(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIJILL_DATABASE_URL", "postgresql://elsewhere")
    main = old / "src" / "sijill" / "__main__.py"
    assert checkout(old).run("seed", "--count=1") == f"{main} ['seed', '--count=1'] []\n"


def test_a_command_leaves_no_bytecode_in_the_checkout(old: Path) -> None:
    checkout(old).run("seed")
    assert not list(old.rglob("__pycache__"))


def test_a_command_that_fails_ends_the_run(old: Path) -> None:
    with pytest.raises(SystemExit, match="sijill fail of"):
        checkout(old).run("fail")


def test_a_folder_without_the_package_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is no checkout of Sijill"):
        checkout(tmp_path)


def test_source_that_python_would_not_run_is_refused(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Tree(Path(__file__).parents[1]).environment()
    monkeypatch.setattr(Tree, "environment", lambda _: other)
    with pytest.raises(SystemExit, match="instead of"):
        checkout(old)


def taken(lines: list[str], count: int) -> list[bytes]:
    return list(islice(requests(lines, "t"), count))


def test_a_load_that_deletes_takes_each_customer_once_in_order() -> None:
    lines = [request.split(b"\r\n")[0] for request in taken(["DELETE /1", "DELETE /2"], 3)]
    assert lines == [b"DELETE /1 HTTP/1.1", b"DELETE /2 HTTP/1.1", b"DELETE /2 HTTP/1.1"]


@pytest.mark.parametrize("line", ["POST /customers", "PUT /customers/1"])
def test_a_load_that_writes_writes_something_else_each_time(line: str) -> None:
    bodies = [request.partition(b"\r\n\r\n") for request in taken([line], 100)]
    assert len({body for _, _, body in bodies}) == 100
    for head, _, body in bodies:
        assert head.startswith(f"{line} HTTP/1.1\r\n".encode())
        assert f"Content-Length: {len(body)}".encode() in head


def test_a_load_that_reads_draws_from_every_path() -> None:
    drawn = {request.split(b" ")[1] for request in taken([f"/{n}" for n in range(5)], 200)}
    assert drawn == {b"/0", b"/1", b"/2", b"/3", b"/4"}
