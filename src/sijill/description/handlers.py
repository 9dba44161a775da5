"""The description as it is served: OpenAPI for programs, a page for people.

What makes them is loaded when it is first asked for, and in a thread: an idle server holds none of
it, and a busy one does not wait for it."""

from asyncio import to_thread
from collections.abc import Callable

from sijill.http.caching import entity_tag, matches
from sijill.http.request import JSON, Headers, Request, Response, chosen_language
from sijill.http.router import Router
from sijill.localized import Language

_HTML = b"text/html; charset=utf-8"
_CHANGES_WITH_VERSION = [(b"cache-control", b"no-cache"), (b"x-content-type-options", b"nosniff")]


class DescriptionHandlers:
    """
    Answer with the description of a router, which is asked for: it leads here too.

    `sample` is the id of a customer to try.
    """

    def __init__(
        self, router: Callable[[], Router], public_url: Callable[[], str], sample: int
    ) -> None:
        self._router, self._public_url = router, public_url
        self._sample = sample

    async def document(self, request: Request) -> Response:
        """Answer with the description as OpenAPI 3.1, in English."""
        body = await to_thread(self._document, self._public_url())
        return _answer(request, body, JSON, [])

    async def docs(self, request: Request) -> Response:
        """Answer with the description as a page, in the language of `lang` or of the client."""
        language = chosen_language(request)
        body, policy = await to_thread(self._page, self._public_url(), language)
        headers = [
            (b"content-language", language.encode("ascii")),
            (b"vary", b"Accept-Language"),
            (b"content-security-policy", policy.encode("ascii")),
            (b"referrer-policy", b"no-referrer"),
        ]
        return _answer(request, body, _HTML, headers)

    def _document(self, base: str) -> bytes:
        from sijill.description.document import document_bytes

        return document_bytes(self._router(), base)

    def _page(self, base: str, language: Language) -> tuple[bytes, str]:
        from sijill.description.page import page

        return page(self._router(), base, self._sample, language)


def _answer(request: Request, body: bytes, media_type: bytes, headers: Headers) -> Response:
    tag = entity_tag(body)
    always = [*headers, *_CHANGES_WITH_VERSION, (b"etag", tag.encode("ascii"))]
    wanted = request.header(b"if-none-match")
    if wanted is not None and matches(wanted, tag):
        return Response(304, b"", always)
    return Response(200, body, [(b"content-type", media_type), *always])
