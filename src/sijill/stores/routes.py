"""The routes of the store, and of countries, cities and languages, with their descriptions."""

from functools import partial
from typing import Any

from sijill.http.envelope import pagination
from sijill.http.query import Paging
from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.openapi.examples import example, page_example, success_answer
from sijill.openapi.keys import Json
from sijill.openapi.operation import Envelope, answer
from sijill.openapi.parameters import PER_PAGE, in_path
from sijill.stores.countries import CITIES, Country, countries
from sijill.stores.model import SHOP
from sijill.stores.store_wire import StoreAnswer, info
from sijill.stores.wire import (
    CityAnswer,
    CountryAnswer,
    CountryBeside,
    LanguageAnswer,
    cities_page,
    country_answer,
    country_details,
    languages,
)

_COUNTRY = in_path(
    "country",
    Localized(
        "رقم الدولة كما في `GET /countries`. وأي قيمة أخرى يُرد عليها بـ 404.",
        "The country's id, as in `GET /countries`. Anything else gets a 404.",
    ),
    1473353380,
)
_EXAMPLE = Localized("مثال", "An example")

_route = partial(Route, scopes=("metadata.read",), tag="metadata", cached=True)


def metadata_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of countries, cities and languages."""
    return (
        _list_countries(handlers.list_countries),
        _details(handlers.details),
        _list_cities(handlers.list_cities),
        _list_languages(handlers.list_languages),
    )


def _list_countries(handler: Handler) -> Route:
    def examples(base: str) -> Json:
        first, *rest = countries().values()
        address, total = f"{base}/admin/v2/countries", 1 + len(rest)
        return page_example(_EXAMPLE, address, [country_answer(first, "ar")], total, per_page=1)

    return _route(
        *("GET", "/countries", handler),
        id="listCountries",
        summary=Localized("قائمة الدول", "List Countries"),
        description=Localized(
            "كل الدول: دول صفحة سلة الموثّقة أولًا، ثم غيرها مرتبة برموزها.",
            "All countries: first those of Salla's documented page, then the others by code.",
        ),
        answers={
            200: answer(
                Localized("صفحة من الدول.", "A page of countries."),
                *(Envelope(list[CountryAnswer], paged=True), examples, "Content-Language"),
            )
        },
        paginated=PER_PAGE,
    )


def _details(handler: Handler) -> Route:
    return _route(
        *("GET", "/countries/{country}", handler),
        id="getCountry",
        summary=Localized("تفاصيل دولة", "Country Details"),
        description=Localized(
            "دولة واحدة. يأتي `success` في الرد قبل `status`، كما في سلة.",
            "One country. In the answer `success` comes before `status`, as at Salla.",
        ),
        parameters=(_COUNTRY,),
        answers={
            200: answer(
                *(Localized("الدولة.", "The country."), Envelope(CountryAnswer)),
                lambda _: example(
                    _EXAMPLE, country_details(next(iter(countries().values())), "ar")
                ),
                "Content-Language",
            )
        },
    )


def _list_cities(handler: Handler) -> Route:
    def examples(base: str) -> Json:
        country = _first_country()
        known = CITIES[country.code]
        numbers = pagination(
            count=1,
            total=len(known),
            paging=Paging(1, 1),
            address=f"{base}/admin/v2/countries/{country.id}/cities",
            pairs=[("per_page", "1")],
            no_links=[],
        )
        return example(_EXAMPLE, cities_page(known[:1], country, "ar", numbers))

    listed = Envelope(list[CityAnswer], paged=True, beside={"country": CountryBeside})
    return _route(
        *("GET", "/countries/{country}/cities", handler),
        id="listCities",
        summary=Localized("قائمة المدن", "List Cities"),
        description=Localized(
            "مدن دولة. المعروف منها مدن السعودية التي في صفحة سلة الموثّقة، ولبقية الدول "
            "قائمة فارغة.",
            "The cities of a country. Known are the cities of Saudi Arabia on Salla's "
            "documented page; every other country has an empty list.",
        ),
        parameters=(_COUNTRY,),
        answers={
            200: answer(
                Localized("صفحة من المدن.", "A page of cities."),
                *(listed, examples, "Content-Language"),
            )
        },
        paginated=PER_PAGE,
    )


def _list_languages(handler: Handler) -> Route:
    def examples(base: str) -> Json:
        first, *rest = languages()
        address, total = f"{base}/admin/v2/languages", 1 + len(rest)
        return page_example(_EXAMPLE, address, [first], total, per_page=1)

    return _route(
        *("GET", "/languages", handler),
        id="listLanguages",
        summary=Localized("قائمة اللغات", "List Languages"),
        description=Localized(
            "اللغات الخمس الموثقة، لكل متجر.", "The five documented languages, for every store."
        ),
        answers={
            200: answer(
                Localized("صفحة من اللغات.", "A page of languages."),
                *(Envelope(list[LanguageAnswer], paged=True), examples),
            )
        },
        paginated=PER_PAGE,
    )


ANY_TOKEN = (
    Localized("يكفيه أي رمز صالح.", "Any valid token will do."),
    Localized("المفتاح الذي لا يحفظه سجل نص فارغ.", 'A key that Sijill does not store is "".'),
)
"""Paragraphs of the routes about the store and its owner."""


def store_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the route of Store Information."""
    summary = Localized("معلومات المتجر", "Store Information")
    route = Route(
        *("GET", "/store/info", handlers.store_info),
        scopes=(),
        id="getStore",
        tag="store",
        summary=summary,
        description=Localized("المتجر الذي صدر له رمز الوصول.", "The access token's store.").then(
            *ANY_TOKEN
        ),
        answers=success_answer(summary, StoreAnswer, info(SHOP)),
        cached=True,
    )
    return (route,)


def _first_country() -> Country:
    return next(iter(countries().values()))
