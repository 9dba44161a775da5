"""The forms that change a namespace: each is noted in the audit log, and the person stays."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import NamedTuple, TypeVar

from sijill.console.answers import go
from sijill.http.request import Request, Response
from sijill.oauth.browser import lead
from sijill.oauth.pages import LOGIN
from sijill.oauth.visits import Visit
from sijill.sandbox.console.showing import Pages
from sijill.sandbox.namespace import Namespace


class Done(NamedTuple):
    """That a form did what it asks: the page that comes next, its word, and the word's numbers."""

    path: str
    word: str
    numbers: tuple[int, ...] = ()

    def answer(self, visit: Visit) -> Response:
        """Return the answer to the form."""
        return go(visit, self.path, self.word, *self.numbers)


P = TypeVar("P", bound=Pages)
Form = Mapping[str, str]
Act = Callable[[P, Visit, Form], Awaitable[Done | Response]]
Handler = Callable[[P, Request, Visit], Awaitable[Response]]


def changing(field: str) -> Callable[[Act[P]], Handler[P]]:
    """
    Make a handler of a function that does what a form asks, or returns why it did not.

    What was done is in the audit log as a change of `field`: the clock, the faults, the snapshots
    or the rows. The handler raises BadRequest; ForgedForm; Unavailable.
    """

    def handler_of(act: Act[P]) -> Handler[P]:
        @wraps(act)
        async def handle(pages: P, request: Request, visit: Visit) -> Response:
            outcome = await act(pages, visit, await visit.form())
            if isinstance(outcome, Response):
                return outcome
            await _note(pages.namespace, visit, field)
            return await _stay(pages.namespace, visit, outcome)

        return handle

    return handler_of


async def _note(namespace: Namespace, visit: Visit, field: str) -> None:
    audit, store = namespace.instance.register.audit, visit.store.id
    await audit.note(visit.cause, "sandbox.update", store, (store,), (field,))


async def _stay(namespace: Namespace, visit: Visit, done: Done) -> Response:
    """
    Return the answer to a form that was carried out.

    Where that ended the session of the person who asked for it, a new one begins: the same account
    is signed in, if it is there.
    """
    answer, sessions = done.answer(visit), namespace.instance.sessions
    if await sessions.session_of(visit.request) is not None:
        return answer
    account = await sessions.people.find_by_email(visit.person.email)
    if account is None or account.person.suspended_at is not None:
        return lead(visit.request, LOGIN)
    begun = await sessions.begin(visit.request, account, visit.at(done.path))
    cookies = [header for header in begun.headers if header[0] == b"set-cookie"]
    return Response(answer.status, answer.body, [*answer.headers, *cookies])
