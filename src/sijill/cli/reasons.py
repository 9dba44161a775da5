"""The options that say why a command shows personal data: a fixed reason, and a ticket's number."""

from sijill.audit.model import REASONS, parse_ticket
from sijill.cli.arguments import it, option
from sijill.settings.parsers import one_of

REASON = option("--reason", "Why, for the audit log.", default="", parse=one_of(*REASONS))
TICKET = option(
    "--ticket",
    "The ticket, for the audit log, such as HELP-1234.",
    default="",
    parse=it(parse_ticket),
)
