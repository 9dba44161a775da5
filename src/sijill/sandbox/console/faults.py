"""The faults of a namespace: the rules with their hits, and a form that adds one."""

import re
from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from sijill.http.request import Request, Response
from sijill.oauth.visits import Visit
from sijill.sandbox.console.changing import Done, Form, changing
from sijill.sandbox.console.showing import Pages, show
from sijill.sandbox.faults import STATUSES, FaultRule, Kind, Phase
from sijill.sandbox.operations import NAMES
from sijill.values.texts import ascii_digits

KINDS: tuple[Kind, ...] = get_args(Kind)
PHASES: tuple[Phase, ...] = get_args(Phase)

LIKELY = "customers.list"
"""The operation that the form begins with: apps call it most."""

NUMBERS = ("times", "skip", "seconds", "wait")
"""The fields of the form that are numbers; an empty one is left to its default."""

_PLACE = re.compile(r"\$\.(\w+)")


class FaultPages(Pages):
    """Answers with the faults of a namespace, and changes them."""

    async def show(self, request: Request, visit: Visit) -> Response:
        """Answer with the rules and the form."""
        return self._page(visit, {}, {"op": LIKELY})

    @changing("faults")
    async def add(self, visit: Visit, form: Form) -> Done | Response:
        """Add a rule behind those that are there."""
        rule, faults = read_rule(form)
        if rule is None:
            return self._page(visit, faults, form)
        self.namespace.faults.add([rule])
        return Done("/sandbox/faults", "done_sandbox_fault_added")

    @changing("faults")
    async def clear(self, visit: Visit, form: Form) -> Done | Response:
        """Remove every rule."""
        self.namespace.faults.put([])
        return Done("/sandbox/faults", "done_sandbox_faults_gone")

    @changing("faults")
    async def remove(self, visit: Visit, form: Form) -> Done | Response:
        """Remove a rule; one that is gone is no fault. Raises: NotFound."""
        self.namespace.faults.remove(visit.id_at(2) - 1)
        return Done("/sandbox/faults", "done_sandbox_fault_gone")

    def _page(self, visit: Visit, faults: Mapping[str, str], sent: Mapping[str, str]) -> Response:
        rows = [
            {
                "number": active.number + 1,
                "rule": active.rule,
                "match": " ".join(f"{name}={value}" for name, value in active.rule.match.items()),
                "times": None if active.rule.times is msgspec.UNSET else active.rule.times,
                "hits": active.hits,
                "spent": active.spent,
            }
            for active in self.namespace.faults
        ]
        return show(
            visit,
            self.namespace,
            "sandbox_faults.html",
            status=422 if faults else 200,
            rows=rows,
            operations=sorted(NAMES),
            kinds=KINDS,
            statuses=STATUSES,
            phases=PHASES,
            faults=faults,
            sent=sent,
        )


def read_rule(form: Mapping[str, str]) -> tuple[FaultRule | None, dict[str, str]]:
    """Return the rule of a form; None, and the key of a word for each faulty field."""
    values: dict[str, Any] = {name: form.get(name, "") for name in ("op", "kind", "phase")}
    if values["kind"] == "status":
        values["status"] = form.get("status", "")
    for name in NUMBERS:
        text = ascii_digits(form.get(name, "").strip())
        if text:
            values[name] = text
    match, faults = _read_match(form.get("match", "").strip())
    rule, others = _converted(values | match)
    faults |= others
    return None if faults else rule, faults


def _read_match(text: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the value of `match` as a rule has it, and the key of a word if it is faulty."""
    if not text:
        return {}, {}
    name, equals, value = (part.strip() for part in text.partition("="))
    if name and equals and value:
        return {"match": {name: value}}, {}
    return {}, {"match": "sandbox_bad_match"}


def _converted(values: dict[str, Any]) -> tuple[FaultRule | None, dict[str, str]]:
    """Return the rule of values; None, and the key of a word for each faulty one."""
    faults: dict[str, str] = {}
    rule = None
    while rule is None:
        try:
            rule = msgspec.convert(values, FaultRule, strict=False)
        except msgspec.ValidationError as fault:
            found = _PLACE.search(str(fault))
            field = found[1] if found else str(fault).partition(" ")[0]
            faults[field] = "sandbox_bad_value"
            if field not in NUMBERS or values.pop(field, None) is None:
                break
    return (None if faults else rule), faults
