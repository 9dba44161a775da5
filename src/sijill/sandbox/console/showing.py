"""What the pages of the sandbox share: how they look, and that a person stays signed in."""

from functools import cache
from pathlib import Path
from typing import Any

from sijill.console.answers import Part, go
from sijill.console.answers import show as show_page
from sijill.http.request import Response
from sijill.localized import Language
from sijill.oauth.browser import see_other
from sijill.oauth.pages import LOGIN
from sijill.oauth.visits import Visit
from sijill.sandbox.console.rows import PLACE
from sijill.sandbox.console.words import WORDS
from sijill.sandbox.namespace import Namespace


@cache
def words(language: Language) -> dict[str, str]:
    """Return the words of the sandbox in one language."""
    return {key: text.render(language) for key, text in WORDS.items()}


PART = Part((Path(__file__).parent / "templates",), words)


def show(
    visit: Visit, namespace: Namespace, template: str, status: int = 200, **values: Any
) -> Response:
    """Return a page of the sandbox; the template says which values it needs."""
    identity = namespace.identity
    told = {"namespace": identity.name, "url": f"{identity.url}/admin/v2", **values}
    return show_page(visit, template, PLACE, status=status, part=PART, **told)


async def note(namespace: Namespace, visit: Visit, changed: str) -> None:
    """
    Record in the audit log that a person changed the clock, the faults, snapshots or the rows.

    Raises: Unavailable.
    """
    audit, store = namespace.instance.register.audit, visit.store.id
    await audit.note(visit.cause, "sandbox.update", store, (store,), (changed,))


async def stay(namespace: Namespace, visit: Visit, path: str, told: str, *numbers: int) -> Response:
    """
    Return the answer to a form that moved the clock or replaced the rows.

    Where that ended the session of the person who asked for it, a new one begins: the same account
    is signed in, if it is there.
    Raises: Unavailable.
    """
    answer, sessions = go(visit, path, told, *numbers), namespace.instance.sessions
    if await sessions.session_of(visit.request) is not None:
        return answer
    account = await sessions.people.find_by_email(visit.person.email)
    if account is None or account.person.suspended_at is not None:
        return see_other(LOGIN)
    begun = await sessions.begin(visit.request, account, visit.at(path))
    cookies = [header for header in begun.headers if header[0] == b"set-cookie"]
    return Response(answer.status, answer.body, [*answer.headers, *cookies])
