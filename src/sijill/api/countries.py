"""List Countries, Country Details, List Cities: the same for every store."""

from sijill.api.caching import tagged
from sijill.api.http import Request, Response
from sijill.api.parts import Parts
from sijill.api.slices import slice_of
from sijill.domain.cities import CITIES
from sijill.domain.countries import Country, countries
from sijill.domain.errors import NotFound
from sijill.wire import cities
from sijill.wire.countries import body
from sijill.wire.countries import details as country_details
from sijill.wire.envelope import listing
from sijill.wire.query import parse_id


async def list_countries(request: Request, parts: Parts) -> Response:
    """
    Answer with a page of the countries: the documented ones first, then the others by code.

    Source: Salla "List Countries", GET /countries.
    """
    rows = tuple(countries().values())
    page = slice_of(rows, request, parts)
    found = [body(country, request.language) for country in page.rows]
    return _spoken(request, listing(found, page.pagination))


async def details(request: Request, parts: Parts) -> Response:
    """
    Answer with one country.

    Raises: NotFound. Source: Salla "Country Details", GET /countries/{country}.
    """
    return _spoken(request, country_details(_found(request), request.language))


async def list_cities(request: Request, parts: Parts) -> Response:
    """
    Answer with a page of a country's cities, none where none is known.

    Raises: NotFound for an unknown country.
    Source: Salla "List Cities", GET /countries/{country}/cities.
    """
    country = _found(request)
    rows = CITIES.get(country.code, ())
    page = slice_of(rows, request, parts)
    body = cities.listing(page.rows, country, request.language, page.pagination)
    return _spoken(request, body)


def _found(request: Request) -> Country:
    country = countries().get(parse_id(request.captured) or 0)
    if country is None:
        raise NotFound
    return country


def _spoken(request: Request, body: bytes) -> Response:
    """Names are in the language of the request, so the answer says which."""
    answer = tagged(request, body)
    answer.headers.append((b"content-language", request.language.encode("ascii")))
    return answer
