"""Control calls about the faults of a namespace: those of requests, and those of webhooks."""

from collections.abc import Callable
from typing import Any

from sijill.sandbox.control.bodies import Release, Rules
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem
from sijill.sandbox.faults import FaultRule
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.rules import R, RuleSet, RulesRefused, parse_rules
from sijill.sandbox.webhooks.rules import WebhookRule
from sijill.settings import Settings


def _calls(
    path: str,
    kind: type[R],
    set_of: Callable[[Namespace], RuleSet[R]],
    idle: Callable[[Settings], bool] = lambda settings: False,
) -> Handlers:
    """
    Return the calls that show and change the rules of one kind.

    A namespace whose settings are `idle` is refused rules: they would never meet anything.
    """

    def rules(call: Call) -> list[R]:
        if idle(call.namespace.identity.settings):
            raise Problem(409, "the namespace sends nothing that these faults could meet")
        try:
            return parse_rules(call.body(Rules).faults, kind)
        except RulesRefused as fault:
            raise Problem(422, str(fault)) from None

    async def show(call: Call) -> Any:
        return {"faults": set_of(call.namespace).report()}

    async def put(call: Call) -> Any:
        set_of(call.namespace).put(rules(call))
        return await show(call)

    async def add(call: Call) -> Any:
        set_of(call.namespace).add(rules(call))
        return await show(call)

    async def delete(call: Call) -> None:
        set_of(call.namespace).put([])

    return {
        ("GET", path): show,
        ("PUT", path): put,
        ("POST", path): add,
        ("DELETE", path): delete,
    }


async def _release(call: Call) -> Any:
    order = call.body(Release).order
    try:
        return {"released": await call.namespace.background.release(order)}
    except KeyError as unknown:
        raise Problem(404, f"no delivery of {unknown.args[0]} is held") from None


def _sends_nothing(settings: Settings) -> bool:
    return settings.webhooks != "send"


HANDLERS: Handlers = {
    **_calls("faults", FaultRule, lambda namespace: namespace.faults),
    **_calls(
        "webhook-faults", WebhookRule, lambda namespace: namespace.hooks.faults, _sends_nothing
    ),
    ("POST", "deliveries/release"): _release,
}
