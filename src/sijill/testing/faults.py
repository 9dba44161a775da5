"""The faults of a namespace: which requests or deliveries fail, and how."""

from collections.abc import Callable, Mapping
from typing import Any

from sijill.testing.control import Control

__tracebackhide__ = True


class Faults:
    """The rules of one set: those of requests by operation, or those of deliveries by event."""

    def __init__(self, control: Control, path: str, key: str, check: Callable[[str], None]) -> None:
        """`check` refuses a value of `key` that no rule can have."""
        self._control, self._path, self._key, self._check = control, path, key, check
        self._used = False

    def add(
        self,
        op: str,
        *,
        status: int | None = None,
        kind: str | None = None,
        times: int | None = None,
        match: Mapping[str, object] | None = None,
        **more: object,
    ) -> None:
        """
        Add a rule after those that are there: the first that fits and is not spent decides.

        `op` is an operation ("customers.details"), or the event of a delivery. Without `kind` it is
        "status". Without `times` each fitting request fails. `more` is skip, every, rate and
        seed, phase, seconds or wait, as the control API has them.
        Raises: ValueError for an unknown operation; ControlRefused.
        """
        self._check(op)
        self._used = True
        kind = kind or ("status" if status is not None else None)
        texts = None if match is None else {name: str(value) for name, value in match.items()}
        rule = {"kind": kind, "status": status, "times": times, "match": texts, **more}
        given = {name: value for name, value in rule.items() if value is not None}
        self._control.call("POST", self._path, {"faults": [{self._key: op} | given]})

    def clear(self) -> None:
        """Remove every rule."""
        self._control.call("DELETE", self._path)

    def report(self) -> list[dict[str, Any]]:
        """Return every rule, with the number of its `hits` and whether it is `spent`."""
        rules: list[dict[str, Any]] = self._control.call("GET", self._path)["faults"]
        return rules

    def unspent(self) -> list[str]:
        """Return a sentence for each rule of `add` that was met fewer times than it says."""
        return [
            f"unspent fault: {rule[self._key]} {rule.get('status') or rule['kind']} "
            f"was met {rule['hits']} of {rule['times']} times"
            for rule in (self.report() if self._used else [])
            if rule.get("times") is not None and not rule["spent"]
        ]
