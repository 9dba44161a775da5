"""Countries as Salla's JSON; their names are Babel's, or Salla's documented ones."""

from functools import lru_cache
from typing import Any

from sijill.http.envelope import encode
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


def body(country: Country, language: str) -> dict[str, Any]:
    """
    Return one country; `name` is in the language of the request.

    Source: Salla "List Countries", "Country Details".
    """
    return {
        "id": country.id,
        "name": country_name(country.code, language),
        "name_en": country_name(country.code, "en"),
        "code": country.code,
        "mobile_code": f"+{country.calling_code}",
        "capital": country.capital,
    }


def details(country: Country, language: str) -> bytes:
    """Return the answer of Country Details, which says `success` before `status`, as Salla's."""
    return encode({"success": True, "status": 200, "data": body(country, language)})
