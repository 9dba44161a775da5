"""The routes of customers, with the mirror's answers before those of the register."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence

from sijill.http.request import Request, Response, Stream
from sijill.http.router import Handler, Route
from sijill.mirror.answers.handlers import MirrorAnswers
from sijill.mirror.answers.linked import Linked
from sijill.mirror.answers.writes import MirrorWrites
from sijill.mirror.model import MirrorStore
from sijill.oauth.tokens import Grant

READS = ("GET", "HEAD")

Answer = Callable[[Request, Grant, MirrorStore], Awaitable[Response]]


def mirrored(
    routes: Iterable[Route], linked: Linked, answers: MirrorAnswers, writes: MirrorWrites
) -> tuple[Route, ...]:
    """
    Return the routes, those under `/customers` answered by the mirror for linked stores.

    Details and the list come from the copy; of other reads there is none, and upstream answers
    them.
    """
    every = tuple(routes)
    read = defaultdict[str, Sequence[str]](tuple)
    read.update((route.path, READS) for route in every if route.method == "GET")
    own: dict[str, Answer] = {"getCustomer": answers.details, "listCustomers": answers.page}

    def answer_of(route: Route) -> Answer:
        if route.method == "GET":
            return own.get(route.id, answers.through)
        reads = read[route.path]
        return lambda request, grant, store: writes.write(request, store, reads)

    return tuple(
        route._replace(handler=_first(linked, answer_of(route), route.handler))
        if route.customers
        else route
        for route in every
    )


def _first(linked: Linked, answer: Answer, register: Handler) -> Handler:
    """Return a handler that asks the mirror for linked stores, and the register for its own."""

    async def handle(request: Request, grant: Grant) -> Response | Stream:
        store = await linked.find(grant.store.id)
        if store is None:
            return await register(request, grant)
        return await answer(request, grant, store)

    return handle
