"""The webhooks of a namespace as its tests have them: faults to come, and attempts so far."""

from typing import NamedTuple

from sijill.sandbox.ring import Ring
from sijill.sandbox.rules import RuleSet
from sijill.sandbox.webhooks.attempts import Attempt
from sijill.sandbox.webhooks.rules import WebhookRule


class Hooks(NamedTuple):
    """The faults and the attempts of a namespace; a snapshot leaves both as they are."""

    faults: RuleSet[WebhookRule]
    attempts: Ring[Attempt]

    def clear(self) -> None:
        """Forget everything."""
        self.faults.put([])
        self.attempts.clear()
