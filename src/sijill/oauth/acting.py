"""The cause of what a request does, for the audit log."""

from typing import Protocol

from sijill.audit.causes import Cause
from sijill.audit.views import ViewerKey, ViewLog
from sijill.http.dispatcher import OnView
from sijill.http.request import Request
from sijill.oauth.people import Person
from sijill.oauth.tokens import Grant
from sijill.stores.model import Store


class Visitor(Protocol):
    """The part of a visit to the console that views need."""

    @property
    def person(self) -> Person: ...

    @property
    def store(self) -> Store: ...


def cause_of(request: Request, grant: Grant) -> Cause:
    """Return the cause of what a request with a token does."""
    return Cause("app", grant.app_id, grant.token_id, "api", request.route, request.id)


def person_cause(request: Request, person_id: int) -> Cause:
    """Return the cause of what a person does on a page."""
    return Cause("person", person_id, 0, "page", request.route, request.id)


def noting(views: ViewLog) -> OnView:
    """Return the function that notes what the answer to a token or to a person shows."""

    def note(request: Request) -> None:
        if request.viewed is None:
            return
        action, ids = request.viewed
        request.viewed = None
        grant: Grant | Visitor = request.grant
        route, store = request.route, grant.store.id
        viewer: ViewerKey
        if isinstance(grant, Grant):
            viewer = ("app", grant.app_id, grant.token_id, "api", route, store, action)
        else:
            viewer = ("person", grant.person.id, 0, "page", route, store, action)
        views.add(viewer, ids, request.id)

    return note
