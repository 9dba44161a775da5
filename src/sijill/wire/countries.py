"""Country names: Babel's, and Salla's documented ones where these differ."""

from functools import lru_cache

SALLA_NAMES = {("SA", "ar"): "السعودية"}
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
