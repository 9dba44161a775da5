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
from sijill.sandbox.namespaces import BASE, DEFAULT, Namespaces, NotThere

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
    named = _by_head(namespaces, request)
    read = _CLIENTS.get((request.method, request.path))
    if read is not None:
        sent = await read(request)
        named |= {namespaces.minted(sent.get(name, "")) for name in ("code", "refresh_token")}
        named.add(await namespaces.only_holder(sent.get("client_id", ""), named))
    found = [one for one in named if one is not None]
    if len(found) > 1:
        raise Disagree
    return found[0] if found else namespaces.find(DEFAULT)


def choose_refused(namespaces: Namespaces, request: Request) -> Namespace:
    """
    Return the namespace that the head of a refused request names, else the default.

    What has arrived of the address loses the part that names the namespace.
    """
    try:
        found = [one for one in _by_head(namespaces, request) if one is not None]
    except NotThere:
        found = []
    return found[0] if len(found) == 1 else namespaces.find(DEFAULT)


def _by_head(namespaces: Namespaces, request: Request) -> set[Namespace | None]:
    """Return the namespaces that address, header and token name. Raises: NotThere."""
    by_address = _by_address(namespaces, request)
    header = request.header(HEADER)
    return {
        by_address,
        None if header is None else namespaces.find(header),
        namespaces.minted(bearer(request.header(b"authorization")) or ""),
    }


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
