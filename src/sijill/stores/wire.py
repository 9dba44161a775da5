"""Countries, cities and languages as Salla's JSON."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Struct

from sijill.http.envelope import Pagination, encode
from sijill.localized import Language
from sijill.openapi.keys import key
from sijill.stores.countries import City, Country

SALLA_NAMES = {("SA", "ar"): "السعودية", ("AE", "ar"): "الامارات", ("OM", "ar"): "عمان"}
"""ISO code and locale to the name in Salla's samples; Babel says المملكة العربية السعودية."""


@lru_cache(maxsize=1024)
def country_name(code: str, locale: str) -> str:
    """Return the name of a country in a locale, "" without a code, or the code if it is unknown."""
    if not code:
        return ""
    code = code.upper()
    if (code, locale) in SALLA_NAMES:
        return SALLA_NAMES[code, locale]
    from babel import Locale, UnknownLocaleError  # half a megabyte: the first call loads it

    try:
        return str(Locale.parse(locale).territories.get(code, code))
    except (UnknownLocaleError, ValueError):
        return code


_ID = key("الرقم.", "The id.")
_NAME = key("الاسم بلغة الطلب.", "The name in the language of the request.")
_NAME_EN = key("الاسم بالإنجليزية.", "The English name.")
_CODE = key("رمز ISO 3166 بحرفين.", "The two-letter ISO 3166 code.")


class CountryAnswer(Struct):
    """One country. Source: Salla "List Countries", "Country Details"."""

    id: Annotated[int, _ID]
    name: Annotated[str, _NAME]
    name_en: Annotated[str, _NAME_EN]
    code: Annotated[str, _CODE]
    mobile_code: Annotated[str, key("مفتاح الاتصال الدولي، مع `+`.", "The calling code, with `+`.")]
    capital: Annotated[str, key("العاصمة؛ فارغة إن لم تُعرف.", "The capital; empty if unknown.")]


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


def country_answer(country: Country, language: str) -> CountryAnswer:
    """Return one country, with its `name` in the language of the request."""
    return CountryAnswer(
        id=country.id,
        name=country_name(country.code, language),
        name_en=country_name(country.code, "en"),
        code=country.code,
        mobile_code=f"+{country.calling_code}",
        capital=country.capital,
    )


def country_details(country: Country, language: str) -> bytes:
    """Return the body of Country Details, which has `success` before `status`, as Salla's has."""
    return encode({"success": True, "status": 200, "data": country_answer(country, language)})


def cities_page(
    cities: Sequence[City], country: Country, language: Language, pagination: Pagination
) -> bytes:
    """Return a page of a country's cities, with the country beside `data`."""
    name = country_name(country.code, language)
    return encode(
        {
            "status": 200,
            "success": True,
            "data": [_city(city, country, language) for city in cities],
            "country": CountryBeside(country.id, name, country.code),
            "pagination": pagination,
        }
    )


def _city(city: City, country: Country, language: Language) -> CityAnswer:
    name = city.english if language == "en" else city.arabic
    return CityAnswer(city.id, name, city.english, country.id)


_FLAG = "https://assets.salla.sa/images/flags/{iso_code}.svg"

_Row = tuple[int, str, Literal["enabled", "disabled"], bool, str, str, int]

_LANGUAGES: tuple[_Row, ...] = (
    (1, "العربية", "enabled", True, "ar", "sa", 0),
    (2, "English", "disabled", False, "en", "gb", 0),
    (12, "suomen kieli", "enabled", False, "fi", "fi", 9),
    (15, "Ελληνικά", "enabled", False, "el", "gr", 10),
    (13, "français", "enabled", False, "fr", "fr", 31),
)
"""Id, name, status, rtl, iso_code, country_code, sort_order. Source: Salla "List Languages"."""


class LanguageAnswer(Struct):
    """One language. Source: Salla "List Languages"."""

    id: Annotated[int, key("الرقم.", "The id.")]
    name: Annotated[
        str, key("اسم اللغة باللغة نفسها.", "The name of the language, in the language itself.")
    ]
    status: Literal["enabled", "disabled"]
    rtl: bool
    flag: Annotated[str, key("صورة العلم.", "A picture of a flag.")]
    iso_code: Annotated[str, key("رمز ISO 639.", "The ISO 639 code.")]
    country_code: Annotated[str, key("رمز دولة العلم.", "The flag's country.")]
    sort_order: int


def languages() -> list[LanguageAnswer]:
    """Return every language, in Salla's order."""
    return [
        LanguageAnswer(
            number, name, status, rtl, _FLAG.format(iso_code=iso), iso, country_code, sort_order
        )
        for number, name, status, rtl, iso, country_code, sort_order in _LANGUAGES
    ]
