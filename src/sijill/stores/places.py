"""Countries and cities as Salla's JSON; names of countries are Babel's, or Salla's own."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

from msgspec import Struct

from sijill.http.envelope import Pagination, encode
from sijill.localized import Language
from sijill.openapi.keys import key
from sijill.stores.cities import City
from sijill.stores.countries import Country

SALLA_NAMES = {("SA", "ar"): "السعودية", ("AE", "ar"): "الامارات", ("OM", "ar"): "عمان"}
"""(ISO code, locale) to the name in Salla's samples; Babel says المملكة العربية السعودية."""


@lru_cache(maxsize=1024)
def country_name(code: str, locale: str) -> str:
    """Return the name of a country in a locale; "" for no code, the code for an unknown one."""
    if not code:
        return ""
    code = code.upper()
    if (code, locale) in SALLA_NAMES:
        return SALLA_NAMES[code, locale]
    from babel import Locale, UnknownLocaleError  # half a megabyte: loaded when first needed

    try:
        return str(Locale.parse(locale).territories.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


_ID = key("الرقم.", "The id.")
_NAME = key("الاسم بلغة الطلب.", "The name in the language of the request.")
_NAME_EN = key("الاسم بالإنجليزية.", "The English name.")
_CODE = key("رمز ISO 3166 بحرفين.", "The two letters of ISO 3166.")


class CountryAnswer(Struct):
    """One country. Source: Salla "List Countries", "Country Details"."""

    id: Annotated[int, _ID]
    name: Annotated[str, _NAME]
    name_en: Annotated[str, _NAME_EN]
    code: Annotated[str, _CODE]
    mobile_code: Annotated[str, key("مفتاح الاتصال، ومعه `+`.", "The calling code, with its `+`.")]
    capital: Annotated[str, key("العاصمة؛ فارغة إن لم تُعرف.", "The capital; empty where unknown.")]


class CityAnswer(Struct):
    """One city. Source: Salla "List Cities"."""

    id: Annotated[int, _ID]
    name: Annotated[str, _NAME]
    name_en: Annotated[str, _NAME_EN]
    country_id: Annotated[int, _ID]


class CountryBeside(Struct):
    """The country beside its cities, as on Salla's page."""

    id: Annotated[int, _ID]
    name: Annotated[str, _NAME]
    code: Annotated[str, _CODE]


def body(country: Country, language: str) -> CountryAnswer:
    """Return one country; `name` is in the language of the request."""
    return CountryAnswer(
        id=country.id,
        name=country_name(country.code, language),
        name_en=country_name(country.code, "en"),
        code=country.code,
        mobile_code=f"+{country.calling_code}",
        capital=country.capital,
    )


def details(country: Country, language: str) -> bytes:
    """Return the answer of Country Details, which says `success` before `status`, as Salla's."""
    return encode({"success": True, "status": 200, "data": body(country, language)})


def cities_page(
    cities: Sequence[City], country: Country, language: Language, pagination: Pagination
) -> bytes:
    """Return a page of a country's cities; the country stands beside `data`."""
    return encode(
        {
            "status": 200,
            "success": True,
            "data": [_city(city, country, language) for city in cities],
            "country": CountryBeside(
                country.id, country_name(country.code, language), country.code
            ),
            "pagination": pagination,
        }
    )


def _city(city: City, country: Country, language: Language) -> CityAnswer:
    name = city.english if language == "en" else city.arabic
    return CityAnswer(city.id, name, city.english, country.id)
