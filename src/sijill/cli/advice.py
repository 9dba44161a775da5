"""The options that help with a file that cannot be imported, or with its refused rows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from shlex import quote

from sijill.cli.output import USAGE, fail
from sijill.customers.fields import COLUMNS
from sijill.imports.changes import Rules
from sijill.imports.days import AMBIGUOUS
from sijill.imports.headings import SHOWN, BadHeadings
from sijill.imports.importing import TAKEN
from sijill.imports.lines import UNDECODABLE, BadEncoding

_SAVE = (
    "save the file as UTF-8 (in Excel: Save As, CSV UTF-8), or say its encoding: "
    "Excel in Arabic writes --encoding windows-1256"
)

_DATES = "say what comes first in dates: --dates day-first, or --dates month-first"
_MATCH = "to change the customers who have the same mobile or e-mail: --match mobile, --match email"

_ID = re.compile(r" \([0-9]+\)\Z")
"""The id of another customer."""

_OF_ROWS = {
    **dict.fromkeys(UNDECODABLE, _SAVE),
    f"mobile {TAKEN}": _MATCH,
    f"email {TAKEN}": _MATCH,
}
"""Sentence about a row to advice; of a day, the sentence behind the name of its column."""


def advice_of(reason: str, rules: Rules) -> Iterator[str]:
    """Yield the advice on a row that was refused under some rules."""
    for sentence in reason.split("; "):
        advice = _DATES if sentence.endswith(AMBIGUOUS) else _OF_ROWS.get(_ID.sub("", sentence))
        if advice and (advice != _MATCH or rules.match == "id"):
            yield advice


@contextmanager
def advising() -> Iterator[None]:
    """End the command for a file that cannot be read so, with the options that would help."""
    try:
        yield
    except BadEncoding as fault:
        fail(str(fault), _SAVE, code=USAGE)
    except BadHeadings as fault:
        fail(str(fault), *_of_headings(fault), code=USAGE)


def _of_headings(fault: BadHeadings) -> Iterator[str]:
    for heading, near in fault.suggested.items():
        does = f"reads it as {near}" if near else "leaves it out"
        yield f"--map {quote(f'{heading}={near}')} {does}"
    for heading in fault.repeated[:SHOWN]:
        yield f"--map {quote(f'{heading}=')} leaves it out"
    if fault.suggested:
        yield "--ignore-unknown leaves out every unknown column"
        yield f"the columns are {', '.join(COLUMNS)}"
