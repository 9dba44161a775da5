"""The languages of a store, as Salla's JSON: the documented ones."""

from typing import Annotated, Literal

from msgspec import Struct

from sijill.openapi.keys import key

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
    name: Annotated[str, key("اسم اللغة بها.", "The language's name for itself.")]
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
            *(number, name, status, rtl, _FLAG.format(iso_code=iso_code)),
            *(iso_code, country_code, sort_order),
        )
        for number, name, status, rtl, iso_code, country_code, sort_order in _LANGUAGES
    ]
