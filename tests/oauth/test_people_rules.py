"""What may be changed of the people of a store: a row for each rule, and for each exception."""

import pytest

from sijill.oauth.people_rules import REFUSALS, Reason, Standing, refusal

OTHERS = Standing(
    role="support",
    new_role="viewer",
    is_owner=True,
    is_self=False,
    confirmed=False,
    is_needed=False,
    is_elsewhere=False,
)
"""An owner lowers another person, who has the same stores."""

ROWS: tuple[tuple[dict[str, object], Reason | None], ...] = (
    ({}, None),
    ({"new_role": None}, None),
    ({"is_owner": False}, "not_owner"),
    ({"role": "owner", "is_needed": True}, "last_owner"),
    ({"role": "owner", "is_needed": True, "new_role": None}, "last_owner"),
    ({"role": "owner", "is_needed": True, "new_role": "owner"}, None),
    ({"role": "owner"}, None),
    ({"is_needed": True}, None),
    ({"is_elsewhere": True}, "elsewhere"),
    ({"is_elsewhere": True, "new_role": "owner"}, "elsewhere"),
    ({"is_elsewhere": True, "new_role": "support"}, None),
    ({"is_elsewhere": True, "new_role": None}, None),
    ({"is_self": True}, "unconfirmed"),
    ({"is_self": True, "new_role": None}, "unconfirmed"),
    ({"is_self": True, "confirmed": True}, None),
    ({"is_self": True, "role": "owner", "is_needed": True, "confirmed": True}, "last_owner"),
)


@pytest.mark.parametrize(("changes", "reason"), ROWS)
def test_a_change_is_refused_by_the_table(
    changes: dict[str, object], reason: Reason | None
) -> None:
    assert refusal(OTHERS._replace(**changes)) == reason  # type: ignore[arg-type]


def test_every_rule_has_a_row() -> None:
    assert {reason for reason, _ in REFUSALS} == {reason for _, reason in ROWS if reason}
