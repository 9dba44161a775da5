"""
The handlers of the description: OpenAPI for programs, a page for people.

The modules that build it are imported at the first request, and in a thread: an idle server does
not hold them, and a busy one does not wait for them.
"""

from asyncio import to_thread
from collections.abc import Callable
from typing import TYPE_CHECKING

from sijill.http.compression import Coded, coded, negotiated
from sijill.http.request import HTML, JSON, Request, Response, chosen_language
from sijill.http.router import Router
from sijill.localized import Language

if TYPE_CHECKING:
    from sijill.description.document import More

_CHANGES_WITH_VERSION = [(b"cache-control", b"no-cache"), (b"x-content-type-options", b"nosniff")]


class DescriptionHandlers:
    """
    Answers with the description of the router that `router` returns.

    `sample` is the id of a customer for the examples; `more` adds what is answered beside the
    router. The routes of the description are among the described ones, so the router exists only
    after these handlers.
    """

    def __init__(
        self,
        router: Callable[[], Router],
        public_url: Callable[[], str],
        sample: int,
        more: "More | None" = None,
    ) -> None:
        self._router, self._public_url, self._sample = router, public_url, sample
        self._more = more
        self._made: dict[str, Coded] = {}  # by public URL

    async def document(self, request: Request) -> Response:
        """Answer with the description as OpenAPI 3.1, in English."""
        base = self._public_url()
        if base not in self._made:
            self._made = {base: await to_thread(self._document, base)}
        return negotiated(request, self._made[base], JSON, _CHANGES_WITH_VERSION)

    async def docs(self, request: Request) -> Response:
        """Answer with the description as a page, in the language of `lang` or of the client."""
        language = chosen_language(request)
        text, policy = await to_thread(self._page, self._public_url(), language)
        headers = [
            (b"content-language", language.encode("ascii")),
            (b"vary", b"Accept-Language"),
            (b"content-security-policy", policy.encode("ascii")),
            (b"referrer-policy", b"no-referrer"),
            *_CHANGES_WITH_VERSION,
        ]
        return negotiated(request, text, HTML, headers)

    def _document(self, base: str) -> Coded:
        from sijill.description.document import document_bytes

        return coded(document_bytes(self._router(), base, self._more))

    def _page(self, base: str, language: Language) -> tuple[Coded, str]:
        from sijill.description.page import page

        html, policy = page(self._router(), base, self._sample, language, self._more)
        return coded(html), policy
