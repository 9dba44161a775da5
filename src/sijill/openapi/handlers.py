"""
The description as it is served: OpenAPI for programs, a page for people.

What makes them is loaded when it is first asked for, and in a thread: an idle server holds none of
it, and a busy one does not wait for it.
"""

from asyncio import to_thread

from sijill.http.caching import entity_tag, matches
from sijill.http.languages import Language
from sijill.http.parts import Parts
from sijill.http.request import JSON, Headers, Request, Response, chosen_language

_HTML = b"text/html; charset=utf-8"
_CHANGES_WITH_VERSION = [(b"cache-control", b"no-cache"), (b"x-content-type-options", b"nosniff")]


async def openapi(request: Request, parts: Parts) -> Response:
    """Answer with the description as OpenAPI 3.1, in English."""
    body = await to_thread(_document, parts.public_url())
    return _answer(request, body, JSON, [])


async def docs(request: Request, parts: Parts) -> Response:
    """Answer with the description as a page, in the language of `lang` or of the client."""
    language = chosen_language(request)
    body, policy = await to_thread(_page, parts.public_url(), language)
    headers = [
        (b"content-language", language.encode("ascii")),
        (b"vary", b"Accept-Language"),
        (b"content-security-policy", policy.encode("ascii")),
        (b"referrer-policy", b"no-referrer"),
    ]
    return _answer(request, body, _HTML, headers)


def _answer(request: Request, body: bytes, media_type: bytes, headers: Headers) -> Response:
    tag = entity_tag(body)
    always = [*headers, *_CHANGES_WITH_VERSION, (b"etag", tag.encode("ascii"))]
    wanted = request.header(b"if-none-match")
    if wanted is not None and matches(wanted, tag):
        return Response(304, b"", always)
    return Response(200, body, [(b"content-type", media_type), *always])


def _document(base: str) -> bytes:
    from sijill.api.description.openapi import document_bytes

    return document_bytes(base)


def _page(base: str, language: Language) -> tuple[bytes, str]:
    from sijill.api.description.docs import page

    return page(base, language)
