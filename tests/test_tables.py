"""A table's rows are all tried, and each that fails is named."""

import pytest
from fixtures.tables import rows


def test_every_row_is_tried_and_each_that_fails_is_named() -> None:
    seen = []

    @rows(("one", "other"), [(1, 1), (1, 2), (3, 3), (3, 4)])
    def equal(one: int, other: int) -> None:
        seen.append((one, other))
        assert one == other

    with pytest.raises(ExceptionGroup, match="2 of 4 rows failed") as failed:
        equal()
    assert seen == [(1, 1), (1, 2), (3, 3), (3, 4)]
    assert [failure.__notes__ for failure in failed.value.exceptions] == [
        ["row: (1, 2)"],
        ["row: (3, 4)"],
    ]


def test_a_fault_that_should_have_been_raised_and_was_not_fails_a_row() -> None:
    @rows("text", ["x", "7", "y"], ids=["first", "second", "third"])
    def refused(text: str) -> None:
        with pytest.raises(ValueError, match="invalid literal"):
            int(text)

    with pytest.raises(BaseExceptionGroup, match="1 of 3 rows failed") as failed:
        refused()
    assert failed.value.exceptions[0].__notes__ == ["row: second"]


@rows("one", [1, 2])
@rows("other", [1, 2])
def test_tables_multiply_and_fixtures_are_shared(
    one: int, other: int, record_property: object
) -> None:
    assert record_property is not None
    assert {one, other} <= {1, 2}


def test_a_table_without_rows_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="tests nothing"):
        rows("one", [])
