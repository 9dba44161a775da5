"""The languages of a store, as Salla's JSON: the documented ones."""

from typing import Any

_FLAG = "https://assets.salla.sa/images/flags/{iso_code}.svg"

_LANGUAGES = (
    (1, "العربية", "enabled", True, "ar", "sa", 0),
    (2, "English", "disabled", False, "en", "gb", 0),
    (12, "suomen kieli", "enabled", False, "fi", "fi", 9),
    (15, "Ελληνικά", "enabled", False, "el", "gr", 10),
    (13, "français", "enabled", False, "fr", "fr", 31),
)
"""Id, name, status, rtl, iso_code, country_code, sort_order. Source: Salla "List Languages"."""


def languages() -> list[dict[str, Any]]:
    """Return every language, in Salla's order."""
    return [
        {
            "id": number,
            "name": name,
            "status": status,
            "rtl": rtl,
            "flag": _FLAG.format(iso_code=iso_code),
            "iso_code": iso_code,
            "country_code": country_code,
            "sort_order": sort_order,
        }
        for number, name, status, rtl, iso_code, country_code, sort_order in _LANGUAGES
    ]
