"""Store Information, and countries, cities and languages, the same for every store."""

from collections.abc import Callable

from sijill.errors import NotFound
from sijill.http.caching import tagged
from sijill.http.envelope import listing, success
from sijill.http.paging import paginate
from sijill.http.query import parse_id
from sijill.http.request import Request, Response
from sijill.stores.countries import CITIES, Country, countries
from sijill.stores.model import InStore
from sijill.stores.profiles import no_links
from sijill.stores.store_wire import info
from sijill.stores.wire import cities_page, country_answer, country_details, languages


class StoreHandlers:
    """Answers requests about the store, and about countries, cities and languages."""

    def __init__(self, public_url: Callable[[], str]) -> None:
        self._public_url = public_url

    async def store_info(self, request: Request, grant: InStore) -> Response:
        """
        Answer with the token's store.

        Source: Salla "Store Information", GET /store/info.
        """
        return tagged(request, success(info(grant.store)))

    async def list_countries(self, request: Request, grant: InStore) -> Response:
        """
        Answer with a page of the countries: the documented ones first, then the others by code.

        Source: Salla "List Countries", GET /countries.
        """
        rows = tuple(countries().values())
        page = paginate(rows, request, self._public_url(), no_links=no_links(grant.store))
        answers = [country_answer(country, request.language) for country in page.rows]
        return _translated(request, listing(answers, page.pagination))

    async def details(self, request: Request, grant: InStore) -> Response:
        """
        Answer with one country.

        Raises: NotFound. Source: Salla "Country Details", GET /countries/{country}.
        """
        return _translated(request, country_details(_country(request), request.language))

    async def list_cities(self, request: Request, grant: InStore) -> Response:
        """
        Answer with a page of a country's cities, an empty page where no city is known.

        Raises: NotFound for an unknown country.
        Source: Salla "List Cities", GET /countries/{country}/cities.
        """
        country = _country(request)
        rows = CITIES.get(country.code, ())
        page = paginate(rows, request, self._public_url(), no_links=no_links(grant.store))
        body = cities_page(page.rows, country, request.language, page.pagination)
        return _translated(request, body)

    async def list_languages(self, request: Request, grant: InStore) -> Response:
        """
        Answer with a page of the languages.

        Empty `links` are an object in every profile.
        Source: Salla "List Languages", GET /languages.
        """
        page = paginate(languages(), request, self._public_url(), no_links={})
        return tagged(request, listing(list(page.rows), page.pagination))


def _country(request: Request) -> Country:
    country = countries().get(parse_id(request.captured) or 0)
    if country is None:
        raise NotFound
    return country


def _translated(request: Request, body: bytes) -> Response:
    """Return an answer that declares its language: its names are in the language of the request."""
    answer = tagged(request, body)
    answer.headers.append((b"content-language", request.language.encode("ascii")))
    return answer
