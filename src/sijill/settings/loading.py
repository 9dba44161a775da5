"""Reading of settings from flag, environment, file and default; all faults are reported at once."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sijill.settings.table import SETTINGS, Setting, Settings

FILE = "sijill.toml"
"""The file in the working directory, which is read unless SIJILL_CONFIG names another."""

PREFIX = "SIJILL_"
ALIASES = {"port": "PORT", "database_url": "DATABASE_URL"}
"""Variables without the prefix that platforms set; those with the prefix win."""

_UNNAMED = ": work in a folder that this user may read, or name the file in SIJILL_CONFIG"
"""The advice where the file of the working directory cannot be read."""


class Origin(NamedTuple):
    """The source of a setting's value, and its text there."""

    text: str
    source: str


class SettingsFaulty(Exception):
    """The faults of the settings, a sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load(
    flags: Mapping[str, str | None],
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    defaults: Mapping[str, str] | None = None,
) -> tuple[Settings, dict[str, Origin]]:
    """
    Return the settings and the origin of each: flag, then environment, file, default.

    `folder` is the folder of sijill.toml; `defaults` replace those of the table for one command.
    Raises: SettingsFaulty with every fault of every source.
    """
    environ = os.environ if environ is None else environ
    faults: list[str] = []
    from_file, path = _read_file(environ, Path.cwd() if folder is None else folder, faults)
    origins: dict[str, Origin] = {}
    values: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        origin = (
            _flag(name, flags)
            or _variable(name, setting, environ, faults)
            or (Origin(from_file[name], path) if name in from_file else None)
            or Origin((defaults or {}).get(name, setting.default), "default")
        )
        origins[name] = origin
        try:
            values[name] = setting.parse(origin.text)
        except ValueError as fault:
            faults.append(f"{name} ({origin.source}): {fault}")
    if not faults:
        faults.extend(_contradictions(values))
    if faults:
        raise SettingsFaulty(faults)
    return Settings(**values), origins


def shown(name: str, value: str) -> str:
    """Return a value for printing: the password of a URL, and any other secret whole, is masked."""
    if not SETTINGS[name].secret or not value:
        return value
    if not name.endswith("_url"):
        return "***"
    return re.sub(r"(://[^/]*?:).*@", r"\1***@", re.sub(r"(password=)[^&]*", r"\1***", value))


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    """Return the contradictions between settings that are each valid."""
    faults = []
    if values["workers"] > 1 and values["counters"] == "memory":
        faults.append("counters: memory counts one process only; with several workers use sqlite")
    if values["counters"] == "redis" and not values["redis_url"]:
        faults.append("counters: redis needs redis_url")
    return faults


def _flag(name: str, flags: Mapping[str, str | None]) -> Origin | None:
    value = flags.get(name)
    return None if value is None else Origin(str(value), f"--{name.replace('_', '-')}")


def _variable(
    name: str, setting: Setting, environ: Mapping[str, str], faults: list[str]
) -> Origin | None:
    variable = PREFIX + name.upper()
    if variable in environ:
        return Origin(environ[variable], variable)
    if setting.secret and f"{variable}_FILE" in environ:
        try:
            return Origin(
                Path(environ[f"{variable}_FILE"]).read_text().rstrip("\r\n"), f"{variable}_FILE"
            )
        except OSError as fault:
            faults.append(f"{name} ({variable}_FILE): {fault.strerror}")
        except UnicodeDecodeError:  # the message of the error quotes the secret
            faults.append(f"{name} ({variable}_FILE): it is not UTF-8")
    alias = ALIASES.get(name, "")
    return Origin(environ[alias], alias) if alias in environ else None


def _read_file(
    environ: Mapping[str, str], folder: Path, faults: list[str]
) -> tuple[dict[str, str], str]:
    """Return the file's settings as text, and its path; the file of SIJILL_CONFIG must exist."""
    named = environ.get(f"{PREFIX}CONFIG")
    path = Path(named) if named else folder / FILE
    try:
        if not named and not path.is_file():
            return {}, str(path)
        text = path.read_text(encoding="utf-8")
    except OSError as fault:
        faults.append(f"{path}: {fault.strerror}{'' if named else _UNNAMED}")
        return {}, str(path)
    except UnicodeDecodeError as fault:
        faults.append(f"{path}: {fault}")
        return {}, str(path)
    import tomllib  # most folders have no such file

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        faults.append(f"{path}: {fault}")
        return {}, str(path)
    values = {}
    for name, value in table.items():
        if name not in SETTINGS:
            faults.append(f"{name} ({path}): there is no such setting")
        elif isinstance(value, bool):
            values[name] = "on" if value else "off"
        elif isinstance(value, str | int | float):
            values[name] = str(value)
        else:
            faults.append(f"{name} ({path}): write a text, a number, true or false")
    return values, str(path)
