"""Control calls about a namespace as a whole, and how a namespace is described."""

from typing import Any

from sijill.http.request import Request
from sijill.sandbox.control.call import Call, Handlers
from sijill.sandbox.control.problems import Problem, decoded
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.namespaces import DEFAULT, Namespaces, NameTaken, NoSnapshot, SettingsRefused
from sijill.sandbox.new import New
from sijill.sandbox.seeds.faults import SeedRefused


def described(namespace: Namespace) -> dict[str, Any]:
    """Return the name and the address of a namespace."""
    return {"name": namespace.identity.name, "url": f"{namespace.identity.url}/admin/v2"}


async def create(namespaces: Namespaces, request: Request) -> dict[str, Any]:
    """Make a namespace, and return its address and its secrets. Raises: Problem."""
    new: New = decoded(request, New)
    if new.document is not None and new.origin is not None:
        raise Problem(422, "seed and from cannot be combined")
    try:
        made = await namespaces.create(new)
    except NameTaken:
        raise Problem(409, "a namespace has this name already") from None
    except NoSnapshot:
        raise Problem(404, "there is no snapshot to begin with") from None
    except (SettingsRefused, SeedRefused) as fault:
        raise Problem(422, str(fault)) from None
    return described(made) | {
        "token": made.identity.credentials.token,
        "refresh_token": made.identity.credentials.refresh_token,
        "client_id": made.client_id,
        "client_secret": made.identity.credentials.client_secret,
        "control_token": made.identity.credentials.control_token,
    }


async def _show(call: Call) -> Any:
    return described(call.namespace)


async def _delete(call: Call) -> None:
    if call.namespace.identity.name == DEFAULT:
        raise Problem(409, "the default namespace cannot be removed: reset it")
    await call.namespaces.remove(call.namespace.identity.name)


async def _reset(call: Call) -> None:
    await call.namespace.reset()


async def _settle(call: Call) -> None:
    await call.namespace.background.settle()


HANDLERS: Handlers = {
    ("GET", ""): _show,
    ("DELETE", ""): _delete,
    ("POST", "reset"): _reset,
    ("POST", "settle"): _settle,
}
