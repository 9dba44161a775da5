"""
`sijill import`, `sijill export` and `sijill seed`, as their calls are written.

Their functions import the modules that read, write and make up customers.
"""

from typing import Any

from sijill.audit.causes import REASONS, parse_ticket
from sijill.cli.arguments import FILE, JSON, argument, command, it, option
from sijill.cli.files import FORMAT
from sijill.cli.loading import late
from sijill.cli.register import REGISTER, STORE_OR_ONLY
from sijill.cli.showing import Shown, sentence
from sijill.customers.fields import COLUMNS
from sijill.imports.headings import column_of, nearest
from sijill.imports.lines import ENCODINGS
from sijill.settings.parsers import one_of, whole, written

REASON = option("--reason", "Why, for the audit log.", default="", parse=one_of(*REASONS))
TICKET = option(
    "--ticket",
    "The ticket, for the audit log, such as HELP-1234.",
    default="",
    parse=it(parse_ticket),
)

COUNTS = "{created} created, {updated} updated, {rejected} rejected"


@written("HEADING=COLUMN")
def _said(text: str) -> tuple[str, str]:
    """Return a heading and its column, "" to leave it out."""
    heading, _, name = text.rpartition("=")
    if not heading.strip():
        raise ValueError("write HEADING=COLUMN, or HEADING= to leave the column out")
    column = column_of(name)
    if column is None and name.strip():
        near = nearest(name)
        more = f": the nearest is {near}" if near else f": the columns are {', '.join(COLUMNS)}"
        raise ValueError(f"there is no column {name}{more}")
    return heading, column or ""


def _tell(result: dict[str, Any]) -> None:
    prefix = "would be: " if result["dry_run"] else ""
    print(prefix + COUNTS.format_map(result))


import_command = command(
    argument("file", "A .jsonl, .csv or .xlsx file, or - for standard input.", parse=FILE),
    STORE_OR_ONLY,
    FORMAT,
    option(
        "--map",
        "The column that a heading means; HEADING= ignores the column. May be repeated.",
        "said",
        multiple=True,
        parse=_said,
    ),
    option("--ignore-unknown", "Ignore unknown columns.", is_flag=True),
    option(
        "--encoding",
        "Encoding of a CSV file; without it UTF-8, or UTF-16 if the file looks so.",
        default="",
        parse=one_of(*ENCODINGS),
    ),
    option(
        "--dates",
        "What comes first in dates such as 03/04/1990; without it they are refused.",
        "order",
        default="",
        parse=one_of("day-first", "month-first"),
    ),
    option(
        "--match",
        "How a row finds the customer that it changes; an id in the row counts first.",
        default="id",
        parse=one_of("id", "mobile", "email"),
    ),
    option("--rejects", "File for the rows that are refused; without it, beside FILE.", parse=FILE),
    option(
        "--dry-run",
        "Only report the result, and write the file of rejects; no customer changes.",
        is_flag=True,
    ),
    settings=REGISTER,
    shown=Shown(_tell, is_bad=lambda result: result["rejected"] > 0),
)(late("importing", "import_file"))
export_command = command(
    argument("file", "A .jsonl, .csv or .xlsx file, or - for standard output.", parse=FILE),
    STORE_OR_ONLY,
    FORMAT,
    REASON,
    TICKET,
    JSON,
    settings=REGISTER,
)(late("data", "export_file"))
seed_command = command(
    option("--count", "How many customers.", required=True, parse=whole(0, 10_000_000)),
    STORE_OR_ONLY,
    option(
        "--seed",
        "Number that the made-up customers follow from.",
        "number",
        default=1,
        parse=whole(0, 10**9),
    ),
    settings=REGISTER,
    shown=sentence("{created} created, {present} were there"),
)(late("data", "seed_store"))
