"""The rows that a sandbox adds to the table of the console, and their entry in the navigation."""

from sijill.console.routes import STORE, Row
from sijill.oauth.roles import Permission
from sijill.oauth.visits import Entry
from sijill.sandbox.console.words import WORDS

PLACE = "nav_sandbox"
_MAY: Permission = "use_sandbox"
_SANDBOX = f"{STORE}/sandbox"

ENTRY = Entry(PLACE, "/sandbox", _MAY, WORDS[PLACE])

ROWS = (
    Row("GET", _SANDBOX, _MAY, "clock.show"),
    Row("POST", f"{_SANDBOX}/clock/advance", _MAY, "clock.advance"),
    Row("POST", f"{_SANDBOX}/clock/set", _MAY, "clock.set"),
    Row("POST", f"{_SANDBOX}/clock/freeze", _MAY, "clock.freeze"),
    Row("POST", f"{_SANDBOX}/clock/resume", _MAY, "clock.resume"),
    Row("GET", f"{_SANDBOX}/reset", _MAY, "state.ask_reset"),
    Row("POST", f"{_SANDBOX}/reset", _MAY, "state.reset"),
    Row("POST", f"{_SANDBOX}/snapshots", _MAY, "state.save"),
    Row("GET", f"{_SANDBOX}/snapshots/load", _MAY, "state.ask_load"),
    Row("POST", f"{_SANDBOX}/snapshots/load", _MAY, "state.load"),
    Row("POST", f"{_SANDBOX}/snapshots/delete", _MAY, "state.forget"),
    Row("GET", f"{_SANDBOX}/faults", _MAY, "faults.show"),
    Row("POST", f"{_SANDBOX}/faults", _MAY, "faults.add"),
    Row("POST", f"{_SANDBOX}/faults/clear", _MAY, "faults.clear"),
    Row("POST", f"{_SANDBOX}/faults/{{fault}}/remove", _MAY, "faults.remove"),
    Row("GET", f"{_SANDBOX}/requests", _MAY, "journal.list"),
    Row("GET", f"{_SANDBOX}/requests/{{request}}", _MAY, "journal.show"),
)
"""A handler is a part of `SandboxPages` and its method."""
