"""The records of processing: two golden files, and nothing personal that they leave out."""

from datetime import timedelta
from pathlib import Path

import pytest
from fixtures.registers import NOW, STORE

from sijill.localized import Language
from sijill.oauth.apps import App
from sijill.privacy import ropa_words
from sijill.privacy.inventory import INVENTORY
from sijill.privacy.ropa import NOT_PERSONAL, Kept, markdown, records
from sijill.retention import CLASSES

FOLDER = Path(__file__).parent
APP = App(7, "CRM | <b>", NOW, client_id="7", scopes=frozenset({"customers.read", "metadata.read"}))
KEPT = [
    Kept(name, time)
    for name, time in zip(
        ropa_words.CLASSES,
        [timedelta(hours=hours) for hours in (0, 1, 2, 3, 12, 24, 48, 7 * 24, 30 * 24, 365 * 24)],
        strict=False,
    )
]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_records_are_those_of_the_golden_file(language: Language) -> None:
    told = markdown(records([STORE], [APP], KEPT, language), language)
    assert told == (FOLDER / f"ropa.{language}.md").read_text("utf-8")


def test_every_personal_table_belongs_to_an_activity() -> None:
    personal = {place.table for place in INVENTORY if place.eraser != NOT_PERSONAL}
    told = [table for activity in ropa_words.ACTIVITIES for table in activity.tables]
    assert {*told} == personal
    assert len(told) == len({*told})


def test_every_class_of_retention_has_its_words_in_arabic() -> None:
    assert [data.name for data in CLASSES] == [*ropa_words.CLASSES]


def test_without_stores_and_apps_there_is_something_to_complete() -> None:
    told = markdown(records([], [], [], "en"), "en")
    assert told.count("[to be completed]") > 2
