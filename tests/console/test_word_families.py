"""Words whose key ends in a value: every value that a page can meet has its word."""

import re
from collections.abc import Iterable, Mapping
from typing import get_args

from fixtures.tables import rows

from console.test_words import SOURCES, WORDS
from sijill.audit.actions import ACTIONS
from sijill.audit.causes import REASONS, Kind, Through
from sijill.bulk.model import ACTIONS as CHANGES
from sijill.bulk.model import State as ChangeState
from sijill.console.customers.form import LABELLED
from sijill.console.imports import MATCHES
from sijill.console.mirror.lately import SPANS
from sijill.console.mirror.reasons import REASONS as TROUBLES
from sijill.console.mirror.slices import STATES as SLICES
from sijill.console.usage import PERIODS
from sijill.console.webhooks import ERRORS
from sijill.groups.model import TYPES
from sijill.imports.model import State as ImportState
from sijill.limits.policy import Budget
from sijill.mirror.model import Lane
from sijill.mirror.model import State as MirrorState
from sijill.oauth.apps import Strategy
from sijill.oauth.people_rules import Reason
from sijill.oauth.roles import ROLES
from sijill.oauth.tokens import TokenState
from sijill.pages.look import Theme
from sijill.sandbox.console.clock import STEPS
from sijill.sandbox.console.faults import KINDS, PHASES
from sijill.sandbox.console.journal import STATUSES
from sijill.webhooks.model import NO_GRANT

CUSTOMER_ACTIONS = [
    name for name, one in ACTIONS.items() if one.subject == "customer" and not one.is_view
]
PAUSED = [f"paused_{reason}" for reason in ("gone", "failing", "sealed", "stopped", NO_GRANT)]
HOLD = [reason for reason in get_args(Reason) if reason != "unconfirmed"]
"""The reasons that keep a person; an unconfirmed change asks for its confirmation instead."""

FAMILIES: Mapping[str, Iterable[str]] = {
    "apps_is_": get_args(TokenState),
    "audit_through_": get_args(Through),
    "by_": get_args(Kind),
    "customers_act_": CHANGES,
    "customers_act_ask_": CHANGES,
    "customers_act_state_": get_args(ChangeState),
    "customers_by_": ("group", "banned", "from", "to"),
    "customers_choice_": {choice for one in LABELLED.values() for choice in one.choices},
    "customers_did_": [name.replace(".", "_") for name in CUSTOMER_ACTIONS],
    "customers_field_": LABELLED,
    "customers_reason_": REASONS,
    "groups_type_": TYPES,
    "imports_match_": MATCHES,
    "imports_state_": get_args(ImportState),
    "limits_away_": ("local", "open", "closed"),
    "limits_of_": get_args(Budget),
    "limits_period_": PERIODS,
    "mirror_": ("missing", "retyped"),
    "mirror_do_": {"status", "unknown", *TROUBLES.values()},
    "mirror_is_": get_args(MirrorState),
    "mirror_lane_": get_args(Lane),
    "mirror_over_": SPANS,
    "mirror_slice_": SLICES,
    "mirror_slices_": ("sweep", "backfill"),
    "mirror_why_": {"status", "unknown", *TROUBLES.values()},
    "people_kept_": HOLD,
    "people_may_": ROLES,
    "role_": ROLES,
    "sandbox_kind_": KINDS,
    "sandbox_phase_": PHASES,
    "sandbox_status_": [one for one in STATUSES if len(one) == 1],
    "sandbox_step_": STEPS,
    "theme_": get_args(Theme),
    "webhooks_is_": ("works", "failing", *PAUSED),
    "webhooks_proof_": get_args(Strategy),
}
"""The values that may follow the beginning of a key in a template."""


IN_CODE: Mapping[str, Iterable[str]] = {"webhooks_error_": ERRORS}
"""The values that may follow the beginning of a key in code."""


@rows(("beginning", "values"), [*FAMILIES.items(), *IN_CODE.items()])
def test_every_value_has_its_word(beginning: str, values: Iterable[str]) -> None:
    assert [value for value in values if beginning + value not in WORDS] == []


def test_every_beginning_in_a_template_is_in_the_table() -> None:
    found = {
        beginning
        for source in SOURCES
        for path in source.glob("templates/*.html")
        for beginning in re.findall(r'(?:word\[|prefix=)"(\w+_)"', path.read_text("utf-8"))
    }
    assert found == set(FAMILIES)
