"""Which namespace a request is in: by its address, its header, or a secret that one has minted."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import unquote

from sijill.errors import BadRequest
from sijill.http.query import parse_query
from sijill.http.request import Request
from sijill.oauth.bearer import bearer
from sijill.oauth.bodies import parse_token_request
from sijill.oauth.refusals import OAuthRefused
from sijill.oauth.token_handlers import basic
from sijill.sandbox.namespace import Namespace
from sijill.sandbox.namespaces import BASE, DEFAULT, Namespaces

HEADER = b"x-sijill-namespace"


class Disagree(Exception):
    """A request names two namespaces."""


_NAMING = (b"/_/", b"/oauth2/")
"""The beginnings of paths that may name a namespace, or lead to one by more than a token."""


def choose_at_once(namespaces: Namespaces, request: Request) -> Namespace | None:
    """Return the namespace of a request that its token alone can name; None for any other."""
    if request.path.startswith(_NAMING) or HEADER in request.headers:
        return None
    return namespaces.of_authorization(request.headers.get(b"authorization", b""))


async def choose(namespaces: Namespaces, request: Request) -> Namespace:
    """
    Return the namespace that a request names, else the default.

    The address loses the part that names the namespace.
    Raises: NotThere for a name that no namespace has; Disagree if the request names two; Fault if
    the body of a token request does not arrive.
    """
    by_address = _by_address(namespaces, request)
    header = request.header(HEADER)
    named = {
        by_address,
        None if header is None else namespaces.find(header),
        namespaces.minted(bearer(request.header(b"authorization")) or ""),
    }
    read = _CLIENTS.get((request.method, request.path))
    if read is not None:
        sent = await read(request)
        named |= {namespaces.minted(sent.get(name, "")) for name in ("code", "refresh_token")}
        named.add(await _only_holder(namespaces, named, sent.get("client_id", "")))
    found = [one for one in named if one is not None]
    if len(found) > 1:
        raise Disagree
    return found[0] if found else namespaces.find(DEFAULT)


def _by_address(namespaces: Namespaces, request: Request) -> Namespace | None:
    if not request.path.startswith(BASE):
        return None
    name, slash, rest = request.path.removeprefix(BASE).partition(b"/")
    found = namespaces.find(unquote(name.decode("latin-1")))
    request.path = slash + rest
    return found


async def _asked(request: Request) -> Mapping[str, str]:
    return dict(parse_query(request.query))


async def _sent(request: Request) -> Mapping[str, str]:
    """Return the fields of a token request; its handler refuses what cannot be read."""
    await request.content.receive()
    client = basic(request.header(b"authorization") or "")
    named = {} if client is None else {"client_id": client[0]}
    try:
        return named | dict(
            parse_token_request(await request.body(), request.header(b"content-type"))
        )
    except (BadRequest, OAuthRefused):
        return named


_CLIENTS: Mapping[tuple[str, bytes], Callable[[Request], Awaitable[Mapping[str, str]]]] = {
    ("GET", b"/oauth2/auth"): _asked,
    ("POST", b"/oauth2/token"): _sent,
}
"""The requests that name a client, and how each is read."""


async def _only_holder(
    namespaces: Namespaces, named: set[Namespace | None], client_id: str
) -> Namespace | None:
    """
    Return the only namespace that has an app with this client_id.

    None if several have one, or a named namespace has, or the default where none is named.
    """
    first = [one for one in named if one is not None] or [namespaces.find(DEFAULT)]
    found = None
    for namespace in (*first, *(one for one in namespaces.all() if one not in first)):
        if client_id and await namespace.has_client(client_id):
            if namespace in first or found is not None:
                return None
            found = namespace
    return found
