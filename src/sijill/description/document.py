"""
The description of the API: OpenAPI 3.1, built from the table of routes.

A server imports this module at the first request for the description, and not before.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import json

from sijill import __version__
from sijill.description.about import ABOUT, LIMITED, TAGS
from sijill.description.operations import Operations
from sijill.description.security import security_schemes
from sijill.http.router import Route, Router
from sijill.localized import Language, render
from sijill.openapi.faults import responses
from sijill.openapi.headers import HEADERS
from sijill.openapi.keys import Json

More = Callable[[Json, Operations], None]
"""Adds what is answered before the router is asked to a document, its sentences in both tongues."""


@lru_cache(maxsize=1)
def document_bytes(router: Router, base: str, more: More | None = None) -> bytes:
    """Return the description in English as JSON; `base` is the server's address."""
    return json.encode(document(router, base, "en", more))


def document(router: Router, base: str, language: Language, more: More | None = None) -> Json:
    """
    Return the description, its sentences in one language.

    Shape: an OpenAPI 3.1 document; paths in the order of the routes.
    Raises: KeyError naming the method and path of a route without a description.
    """
    operations = Operations(base)
    paths: Json = {}
    for route in router.routes:
        if route.undescribed:
            continue
        item = paths.setdefault(route.path, _item(route, router.prefixes, base))
        item |= operations.of(route)
    described = {
        "openapi": "3.1.0",
        "info": {
            "title": "Sijill",
            "version": __version__,
            "description": ABOUT.then(LIMITED),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "tags": [
            {"name": name, "x-displayName": tag.title, "description": tag.text}
            for name, tag in TAGS.items()
        ],
        "paths": paths,
        "components": {
            "securitySchemes": security_schemes(base),
            "parameters": operations.parameters,
            "headers": HEADERS,
            "responses": responses(operations.schemas),
            "schemas": operations.schemas.named,
        },
    }
    if more is not None:
        more(described, operations)
    rendered: Json = render(described, language)
    return rendered


def _item(route: Route, prefixes: Sequence[str], base: str) -> Json:
    """Return the servers of an API route: the address under every prefix, the preferred first."""
    if route.public:
        return {}
    return {"servers": [{"url": base + prefix} for prefix in reversed(prefixes)]}
