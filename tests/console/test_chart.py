"""Pictures of numbers: nothing is out of the picture, and each number has its size."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.console.chart import HEIGHT, Series, chart, nice_top


@pytest.mark.parametrize(
    ("most", "top"),
    [(1, 2), (2, 2), (3, 10), (10, 10), (11, 20), (21, 50), (51, 100), (499, 500), (501, 1000)],
)
def test_the_axis_ends_at_an_even_number_that_people_count_in(most: int, top: int) -> None:
    assert nice_top(most) == top


COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=24)


@given(COUNTS, st.integers(1, 3), st.none() | st.integers(0, 10**9))
def test_every_bar_lies_in_the_picture_and_stands_on_the_one_below(
    values: list[int], count: int, limit: int | None
) -> None:
    series = [Series(str(number), values) for number in range(count)]
    picture = chart("requests", [str(n) for n in range(len(values))], series, limit)
    for bar in picture.bars:
        assert 0 <= bar.x < bar.x + bar.width <= picture.width
        assert -0.02 <= bar.y <= HEIGHT
        assert bar.y + bar.height <= HEIGHT + 0.02
    if picture.limit is not None:
        assert 0 <= picture.limit <= HEIGHT
    shown = [n for n, label in enumerate(picture.shown_labels) if label]
    assert len(picture.shown_labels) == len(values)
    assert len(shown) <= 6
    assert shown[-1:] == [len(values) - 1][: len(values)]
    assert len({after - before for before, after in pairwise(shown)}) <= 1
    assert picture.ticks[-1] == "0"


def test_a_column_has_the_height_of_its_number() -> None:
    picture = chart(
        "requests", ["a", "b"], [Series("all", [5, 10]), Series("refused", [0, 10])], 15
    )
    assert [(bar.series, bar.y, bar.height) for bar in picture.bars] == [
        (1, 75.0, 25.0),
        (1, 50.0, 50.0),
        (2, 0.0, 50.0),
    ]
    assert picture.limit == 25.0


@pytest.mark.parametrize("values", [[1], [1, 2, 3], [1, -1]])
def test_numbers_that_do_not_fit_the_labels_are_refused(values: list[int]) -> None:
    with pytest.raises(ValueError, match="one number of 0 or more"):
        chart("requests", ["a", "b"], [Series("all", values)])
