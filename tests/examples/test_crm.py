"""The CRM of the examples survives the sandbox, and its tests find each fault planted in it."""

import shutil
from pathlib import Path

import pytest

from examples.broken import BROKEN, Broken
from examples.conftest import CRM, OUTCOMES, Language

pytestmark = pytest.mark.proves(
    "an app that handles limits, failures, expired tokens and webhooks passes against the sandbox, "
    "and without any of its precautions it fails"
)

LANGUAGES = list(OUTCOMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_crm_passes_its_tests(language: Language, environ: dict[str, str]) -> None:
    outcome = OUTCOMES[language](CRM / language, environ, ())
    assert outcome.failed == 0, outcome.output
    assert outcome.passed > 20, outcome.output


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.fault)
def test_the_tests_of_a_broken_crm_fail(
    broken: Broken, language: Language, environ: dict[str, str], tmp_path: Path
) -> None:
    folder = shutil.copytree(CRM / language, tmp_path / language)
    edit = broken.python if language == "python" else broken.node
    text = (folder / edit.file).read_text("utf-8")
    assert edit.text in text
    (folder / edit.file).write_text(text.replace(edit.text, edit.instead), "utf-8")
    outcome = OUTCOMES[language](folder, environ, broken.tests)
    assert outcome.passed == 0, outcome.output
    assert outcome.failed >= len(broken.tests), outcome.output
