import pytest

from sijill.database.schema import Observation, _postgres, _sqlite


@pytest.mark.parametrize(("first", "sound"), [("ok", True), ("row 3 missing from index x", False)])
def test_a_damaged_sqlite_file_is_told(first: str, sound: bool) -> None:
    (seen,) = _sqlite([(first,)])
    assert (seen.name, seen.sound) == ("integrity", sound)


@pytest.mark.parametrize(
    ("number", "commit", "sound"),
    [
        ("180004", "on", [True, True]),
        ("150000", "remote_apply", [True, True]),
        ("140012", "on", [False, True]),
        ("180004", "off", [True, False]),
    ],
)
def test_an_old_or_forgetful_postgres_is_told(number: str, commit: str, sound: list[bool]) -> None:
    seen = _postgres([(number, "x", commit)])
    assert [one.sound for one in seen] == sound
    assert [type(one) for one in seen] == [Observation] * 2
