"""Tables and progress bars: columns that line up, and nothing that a terminal obeys."""

import io

import pytest

from sijill.cli.data import progress
from sijill.cli.output import columns, show


def test_columns_line_up_whatever_the_width_of_letters(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("shop", "مُتجر", "東京", "a\u200cb")
    show([{"name": name, "plan": "pro"} for name in names], as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "name  plan",
        "shop  pro",
        "مُتجر  pro",
        "東京  pro",
        "a\u200cb    pro",
    ]


def test_a_cell_shows_no_control_character_and_no_set_in_its_own_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show([{"a": "\x1b[31mred", "b": None, "c": ["z", "b"], "d": ""}], as_json=False)
    assert capsys.readouterr().out == "a         b  c    d\n\ufffd[31mred  -  b z  -\n"
    show([], as_json=False)
    assert capsys.readouterr().out == "none\n"


def test_columns_take_attributes_under_their_own_or_another_name() -> None:
    assert columns([3 + 4j], "imag", "whole=real") == [{"imag": 4.0, "whole": 3.0}]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("total", "last"), [(3, "3/3"), (None, "3")])
def test_progress_is_drawn_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, total: int | None, last: str
) -> None:
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr("sys.stderr", stream)
        with progress("seeding", total) as on_progress:
            on_progress(1)
            on_progress(3)
        drawn = stream.getvalue()
        assert (last in drawn) == ("seeding  [" in drawn) == stream.isatty()
