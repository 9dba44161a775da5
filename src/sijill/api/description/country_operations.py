"""List Countries, Country Details, List Cities and List Languages in words."""

from typing import Any

from msgspec import json

from sijill.api.description.headers import API, LIMITS, SPOKEN
from sijill.api.description.operation import JSON, Answer, Body, Operation
from sijill.api.description.schemas import ref, shape, success
from sijill.api.description.wording import Json, Text
from sijill.http.envelope import listing, pagination
from sijill.http.query import Paging
from sijill.stores import cities_wire as cities
from sijill.stores.cities import CITIES
from sijill.stores.countries import countries
from sijill.stores.countries_wire import body, details
from sijill.stores.languages import languages


def _text(ar: str, en: str) -> Json:
    return {"type": "string", "description": Text(ar, en)}


_ID: Json = {"type": "integer", "description": Text("الرقم.", "The id.")}
_NAME = _text("الاسم بلغة الطلب.", "The name in the language of the request.")
_NAME_EN = _text("الاسم بالإنجليزية.", "The English name.")
_CODE = _text("رمز ISO 3166 بحرفين.", "The two letters of ISO 3166.")

_COUNTRY = shape(
    {
        "id": _ID,
        "name": _NAME,
        "name_en": _NAME_EN,
        "code": _CODE,
        "mobile_code": _text("مفتاح الاتصال، ومعه `+`.", "The calling code, with its `+`."),
        "capital": _text("العاصمة؛ فارغة إن لم تُعرف.", "The capital; empty where unknown."),
    }
)
_CITY = shape({"id": _ID, "name": _NAME, "name_en": _NAME_EN, "country_id": _ID})
_LANGUAGE = shape(
    {
        "id": _ID,
        "name": _text("اسم اللغة بها.", "The language's name for itself."),
        "status": {"enum": ["enabled", "disabled"]},
        "rtl": {"type": "boolean"},
        "flag": _text("صورة العلم.", "A picture of a flag."),
        "iso_code": _text("رمز ISO 639.", "The ISO 639 code."),
        "country_code": _text("رمز دولة العلم.", "The flag's country."),
        "sort_order": {"type": "integer"},
    }
)
_BESIDE = {"country": shape({"id": _ID, "name": _NAME, "code": _CODE})}


def _listed(item: Json, beside: Json | None = None) -> Json:
    rows = success({"type": "array", "items": item, "maxItems": 60})
    return shape(rows | (beside or {}) | {"pagination": _PAGES})


_PAGES: Json = {
    **ref("Pagination"),
    "description": Text("موضع هذه الصفحة.", "Where this page stands."),
}


def _page(base: str, path: str, total: int, no_links: Any) -> dict[str, Any]:
    return pagination(
        count=min(total, 1),
        total=total,
        paging=Paging(1, 1),
        address=f"{base}/admin/v2{path}",
        pairs=[("per_page", "1")],
        no_links=no_links,
    )


def _example(raw: bytes) -> Json:
    return {"documented": {"summary": Text("مثال", "An example"), "value": json.decode(raw)}}


def _countries(base: str) -> Json:
    all_of_them = list(countries().values())
    numbers = _page(base, "/countries", len(all_of_them), [])
    return _example(listing([body(all_of_them[0], "ar")], numbers))


def _country(_: str) -> Json:
    return _example(details(next(iter(countries().values())), "ar"))


def _cities(base: str) -> Json:
    country = next(iter(countries().values()))
    known = CITIES[country.code]
    numbers = _page(base, f"/countries/{country.id}/cities", len(known), [])
    return _example(cities.listing(known[:1], country, "ar", numbers))


def _languages(base: str) -> Json:
    known = languages()
    return _example(listing(known[:1], _page(base, "/languages", len(known), {})))


_PAGED = ("page", "per_page", "if_none_match", "accept_language", "request_id")

COUNTRY_OPERATIONS = {
    ("GET", "/countries"): Operation(
        id="listCountries",
        tag="metadata",
        summary=Text("قائمة الدول", "List Countries"),
        description=Text(
            "كل الدول: ما في قائمة سلة الموثقة أولًا، ثم غيرها بترتيب الرموز.",
            "Every country: those of Salla's documented page first, then the others by code.",
        ),
        answers={
            200: Answer(
                Text("صفحة من الدول.", "A page of countries."),
                {JSON: Body(_listed(_COUNTRY), _countries)},
                ("ETag", *SPOKEN, *LIMITS),
            )
        },
        parameters=_PAGED,
        cached=True,
    ),
    ("GET", "/countries/{country}"): Operation(
        id="getCountry",
        tag="metadata",
        summary=Text("تفاصيل دولة", "Country Details"),
        description=Text(
            "دولة واحدة. في جوابها يأتي `success` قبل `status`، كما في سلة.",
            "One country. Its answer says `success` before `status`, as Salla's does.",
        ),
        answers={
            200: Answer(
                Text("الدولة.", "The country."),
                {JSON: Body(shape(success(_COUNTRY)), _country)},
                ("ETag", *SPOKEN, *LIMITS),
            )
        },
        parameters=("country", "if_none_match", "accept_language", "request_id"),
        refusals=("NotFound",),
        cached=True,
    ),
    ("GET", "/countries/{country}/cities"): Operation(
        id="listCities",
        tag="metadata",
        summary=Text("قائمة المدن", "List Cities"),
        description=Text(
            "مدن دولة. لا يُعرف إلا ما في صفحة سلة الموثقة من مدن السعودية، ولغيرها قائمة فارغة.",
            "The cities of a country. Only those of Saudi Arabia on Salla's documented page are "
            "known; any other country's list is empty.",
        ),
        answers={
            200: Answer(
                Text("صفحة من المدن.", "A page of cities."),
                {JSON: Body(_listed(_CITY, _BESIDE), _cities)},
                ("ETag", *SPOKEN, *LIMITS),
            )
        },
        parameters=("country", *_PAGED),
        refusals=("NotFound",),
        cached=True,
    ),
    ("GET", "/languages"): Operation(
        id="listLanguages",
        tag="metadata",
        summary=Text("قائمة اللغات", "List Languages"),
        description=Text(
            "اللغات الخمس الموثقة، لكل متجر.", "The five documented languages, for every store."
        ),
        answers={
            200: Answer(
                Text("صفحة من اللغات.", "A page of languages."),
                {JSON: Body(_listed(_LANGUAGE), _languages)},
                ("ETag", *API, *LIMITS),
            )
        },
        parameters=_PAGED,
        cached=True,
    ),
}
"""By method and path, as in the table of routes."""
