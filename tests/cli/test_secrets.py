"""Secrets of commands: each can be given where no list of processes shows it."""

import base64
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sijill.cli.tree import commands
from sijill.egress.targets import BadTarget, parse_target
from sijill.settings import SETTINGS, load

WORDS = re.compile(
    r"token|secret|passw|key|code|cookie|credential|client|admin|owner|header|url|uri"
)
"""What the name of an option or an argument that takes a secret may hold."""

NO_SECRETS = {
    "add_redirect_uri": "an address that browsers are sent to",
    "admin_url": "an address that everybody gets in answers",
    "client_id": "the public half of an app's credentials",
    "code": "the one-time code of a made-up event",
    "code_lifetime": "a time",
    "customer_url": "an address that everybody gets in answers",
    "customers_limit_key": "the name of a key, token among them",
    "failed_tokens_limit": "a number",
    "max_bytes_per_client": "a number",
    "max_connections_per_client": "a number",
    "max_headers": "a number",
    "max_url": "a number",
    "public_url": "an address that everybody gets in answers",
    "redirect_uri": "an address that browsers are sent to",
    "token_id": "the id of a token",
    "upstream_url": "the address of an API, whose tokens are given otherwise",
    "url": "an address of this server, which needs no password for its health",
    "webhook_headers": "a choice",
    "webhook_url": "an address; one with a password in it is refused",
}
"""Parameters with such a name that take no secret, and what they take."""

SECRET = base64.b64encode(bytes(range(32))).decode()
"""A text that every secret may be."""


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    """Yield every parameter of every command whose name may be that of a secret."""
    for words, command in commands().items():
        for parameter in command.load().params:
            names = " ".join([parameter.name or "", *parameter.opts]).replace("-", "_")
            if WORDS.search(names):
                yield words, parameter


def help_of(parameter: click.Parameter) -> str:
    return getattr(parameter, "help", None) or ""


def way_of(parameter: click.Parameter) -> str:
    """Return how a secret is given that no list of processes shows; "none" for no secret."""
    name = parameter.name or ""
    if name in SETTINGS and SETTINGS[name].secret:
        return "variable"
    if any(flag.endswith("-file") for flag in parameter.opts) and name not in SETTINGS:
        return "file"
    return "none" if name in NO_SECRETS else "standard input"


SAID = {
    "variable": r"SIJILL_\w+ or SIJILL_\w+_FILE keeps it out of lists of processes\.",
    "file": r"\bFile\b.* - for standard input",
    "standard input": r" - for a token on standard input, where no list of processes shows it",
    "none": r"",
}
"""What the help says of each way."""


def test_the_help_of_a_secret_says_how_it_stays_out_of_lists_of_processes() -> None:
    seen = set[str]()
    for words, parameter in parameters():
        way = way_of(parameter)
        assert re.search(SAID[way], help_of(parameter)), (words, parameter.name)
        seen.add(way)
    assert seen == SAID.keys()


def test_the_table_has_the_parameters_there_are() -> None:
    assert {p.name for _, p in parameters() if way_of(p) == "none"} == NO_SECRETS.keys()
    taken = {p.name for _, p in parameters() if way_of(p) == "variable"}
    assert taken == {name for name, setting in SETTINGS.items() if setting.secret}


@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if setting.secret])
def test_a_secret_setting_is_read_from_a_variable_and_from_a_file(
    name: str, tmp_path: Path
) -> None:
    variable, file = f"SIJILL_{name.upper()}", tmp_path / "secret"
    file.write_text(SECRET + "\n")
    for environ in ({variable: SECRET}, {f"{variable}_FILE": str(file)}):
        settings, origins = load({}, environ, tmp_path)
        assert getattr(settings, name)
        assert origins[name].text == SECRET


FILES = [
    pytest.param(parameter, id=f"{words} {parameter.opts[0]}")
    for words, parameter in parameters()
    if way_of(parameter) == "file"
]


@pytest.mark.parametrize("parameter", FILES)
def test_a_secret_is_read_from_a_file_and_from_standard_input(
    parameter: click.Parameter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    assert parameter.type.convert(str(file), parameter, None) == SECRET
    with file.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert parameter.type.convert("-", parameter, None) == SECRET


def test_an_address_with_a_password_in_it_is_refused() -> None:
    with pytest.raises(BadTarget):
        parse_target("https://user:secret@hooks.example/", local=True)
