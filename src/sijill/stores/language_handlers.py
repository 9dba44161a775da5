"""List Languages: the same for every store."""

from sijill.http.caching import tagged
from sijill.http.envelope import listing
from sijill.http.parts import Parts
from sijill.http.request import Request, Response
from sijill.http.slices import slice_of
from sijill.stores.languages import languages


async def list_languages(request: Request, parts: Parts) -> Response:
    """
    Answer with a page of the languages.

    Source: Salla "List Languages", GET /languages, whose empty `links` is an object in any profile.
    """
    page = slice_of(languages(), request, parts, no_links={})
    return tagged(request, listing(list(page.rows), page.pagination))
