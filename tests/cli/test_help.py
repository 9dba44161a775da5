"""Help: types, permitted values and defaults of every option, settings apart from the others."""

import re
from typing import Any, get_args, get_type_hints

import pytest
from cli.operating import Operator
from click.shell_completion import ShellComplete

from sijill.cli.commands import COMMANDS
from sijill.cli.help import Option, settings_of
from sijill.cli.running import DEMO_DEFAULTS
from sijill.cli.tree import commands, sijill
from sijill.sandbox.webhooks.attempts import Outcome
from sijill.settings import SECTIONS, SETTINGS, Settings

COMMAND_WORDS = [words.split() for words in commands()]
CHOICES = {
    name: get_args(hint)
    for name, hint in get_type_hints(Settings).items()
    if get_args(hint) and all(isinstance(value, str) for value in get_args(hint))
}


def flat(operator: Operator, *words: str) -> str:
    """Return the help of a command in one line."""
    return " ".join(operator.type(*words, "--help").stdout.split())


def test_settings_with_a_few_values_are_known() -> None:
    assert CHOICES["webhooks"] == ("send", "capture", "off")
    assert len(CHOICES) == 14


@pytest.mark.parametrize("words", COMMAND_WORDS, ids=" ".join)
def test_help_says_the_values_and_the_default_of_every_option(
    operator: Operator, words: list[str]
) -> None:
    shown = operator.type(*words, "-h").stdout
    assert shown == operator.type(*words, "--help").stdout
    assert all(len(line) <= 80 or "[" in line for line in shown.splitlines())
    told = " ".join(shown.split())
    loaded = commands()[" ".join(words)].load()
    for parameter in settings_of([p for p in loaded.params if isinstance(p, Option)]):
        name = str(parameter.name)
        if name == "tls":
            continue
        if name in CHOICES:
            assert f"{parameter.opts[0]} [{'|'.join(CHOICES[name])}] " in told
        default = SETTINGS[name].default
        if words[0] in ("demo", "sandbox"):
            default = DEMO_DEFAULTS.get(name, default)
        (record,) = re.findall(rf" {parameter.opts[0]} .+?(?= --[a-z]|$)", told)
        assert f"[default: {default}" in record or not default


def test_settings_stand_apart_from_the_options_of_a_command(operator: Operator) -> None:
    own, settings = flat(operator, "store", "create").split(" Settings: ")
    assert "--plan [plus|pro|special]" in own
    assert "--data-dir PATH" in settings
    assert "--plan" not in settings
    told = flat(operator, "serve")
    headings = [
        told.index(f"{heading} (settings):") for heading in SECTIONS if heading[:4] != "Demo"
    ]
    assert headings == sorted(headings)


def test_every_setting_has_one_section() -> None:
    assert [name for names in SECTIONS.values() for name in names] == [*SETTINGS]


def test_the_outcomes_of_deliveries_are_named(operator: Operator) -> None:
    told = flat(operator, "deliveries")
    assert all(outcome in told for outcome in get_args(Outcome))


def completions(*words: str) -> list[str]:
    *before, begin = words
    items = ShellComplete(sijill(), {}, "sijill", "").get_completions(before, begin)
    return [str(item.value) for item in items]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["stor"], ["store"]),
        (["sandbox", "st"], ["start", "stop", "status"]),
        (["sandbox", "--webhook-s"], ["--webhook-schedule"]),
        (["store", "create", "--plan", "p"], ["plus", "pro"]),
        (["serve", "--webhooks", ""], ["send", "capture", "off"]),
        (["store", "create", "5", "--plan", "gold", "--curr"], ["--currency"]),
    ],
)
def test_a_shell_completes_commands_options_and_values(
    words: list[str], offered: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert completions(*words) == offered
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(operator: Operator, shell: str) -> None:
    assert f"_SIJILL_COMPLETE={shell}_complete" in operator.type("completion", shell).stdout


def test_an_unknown_shell_is_refused_with_the_known_ones(operator: Operator) -> None:
    told = operator.type("completion", "tcsh", code=64).stderr
    assert "write one of: bash, zsh, fish" in told


@pytest.mark.parametrize(
    "words",
    [[], *[[name] for name in {words[0] for words in COMMAND_WORDS}], *COMMAND_WORDS],
    ids=" ".join,
)
def test_a_wrong_option_ends_with_the_code_of_wrong_calls(
    operator: Operator, words: list[str]
) -> None:
    told: Any = operator.type(*words, "--there-is-no-such-option", code=64)
    assert "--there-is-no-such-option" in told.stderr


def test_every_command_has_help() -> None:
    assert all(help for rows in COMMANDS.values() for help in rows.values())
