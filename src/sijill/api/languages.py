"""List Languages: the same for every store."""

from sijill.api.caching import tagged
from sijill.api.http import Request, Response
from sijill.api.parts import Parts
from sijill.api.slices import slice_of
from sijill.wire.envelope import listing
from sijill.wire.languages import languages


async def list_languages(request: Request, parts: Parts) -> Response:
    """
    Answer with a page of the languages.

    Source: Salla "List Languages", GET /languages, whose empty `links` is an object in any profile.
    """
    page = slice_of(languages(), request, parts, no_links={})
    return tagged(request, listing(list(page.rows), page.pagination))
