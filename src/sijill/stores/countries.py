"""Every country, first those of Salla's documentation, and the cities that it documents."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

_DOCUMENTED = {
    "SA": (1473353380, "Riyadh"),
    "AE": (566146469, "Abu Dhabi"),
    "KW": (1939592358, "Kuwait City"),
    "QA": (1298199463, "Doha"),
    "BH": (525144736, "Manama"),
    "IQ": (1764372897, "Baghdad"),
    "OM": (989286562, "Muscat"),
    "YE": (349994915, "Sanaa"),
    "EG": (1723506348, "Cairo"),
    "SD": (814202285, "Khartoum"),
    "LY": (40688814, "Tripoli"),
    "DZ": (1548352431, "Algiers"),
    "TN": (773200552, "Tunis"),
    "MA": (2079537577, "Rabat"),
    "SY": (1440241834, "Damascus"),
}
"""ISO 3166 code to id and capital, in the order of Salla's list. Source: Salla "List Countries"."""

_NO_COUNTRIES = frozenset({"AC", "TA"})
"""Regions with a calling code that ISO 3166-1 counts to another: Ascension, Tristan da Cunha."""


class Country(NamedTuple):
    """A country: `capital` is "" where it is unknown, `calling_code` holds digits alone."""

    id: int
    code: str
    calling_code: str
    capital: str


@lru_cache(maxsize=1)
def countries() -> Mapping[int, Country]:
    """
    Return every country by id: the documented ones first, then the others by code.

    Source: libphonenumber, for the list of countries and their calling codes.
    """
    # The first call loads libphonenumber's tables: a server that only reads needs none of them.
    from phonenumbers import SUPPORTED_REGIONS

    others = sorted(SUPPORTED_REGIONS - _DOCUMENTED.keys() - _NO_COUNTRIES)
    return {country.id: country for country in map(_country, [*_DOCUMENTED, *others])}


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """Return the ISO 3166 code of every country."""
    return frozenset(country.code for country in countries().values())


def _country(code: str) -> Country:
    from phonenumbers import country_code_for_region

    number, capital = _DOCUMENTED.get(code, (_derived_id(code), ""))
    return Country(number, code, str(country_code_for_region(code)), capital)


def _derived_id(code: str) -> int:
    """Return an id of 31 bits that never changes; a test looks for collisions."""
    return int.from_bytes(blake2b(code.encode("ascii"), digest_size=4).digest(), "big") >> 1


class City(NamedTuple):
    """A city of a country, with its names as pages show them."""

    id: int
    arabic: str
    english: str


CITIES: dict[str, tuple[City, ...]] = {
    "SA": (
        City(1473353380, "الرياض", "Riyadh"),
        City(566146469, "جدة", "Jeddah"),
        City(1939592358, "مكة المكرمة", "Mecca"),
        City(1298199463, "المدينة المنورة", "Medina"),
        City(525144736, "الدمام", "Dammam"),
        City(1764372897, "الأحساء", "Al Ahsa"),
        City(989286562, "القطيف", "Al Qatif"),
        City(349994915, "خميس مشيط", "Khamis Mushait"),
        City(1723506348, "المظيلف", "Almuzaylif"),
        City(814202285, "تبوك", "Tabuk"),
        City(40688814, "الهفوف", "Al Hofuf"),
        City(1548352431, "المبرز", "Al Mubarraz"),
        City(773200552, "نجران", "Najran"),
        City(2079537577, "حفر الباطن", "Hafar Al Batin"),
        City(1440241834, "الجبيل", "Al Jubail"),
    )
}
"""
The fifteen Saudi cities of the documented first page, by ISO 3166 code; no other city is known.

An id is unique among cities, but a country may have the same. Source: Salla "List Cities".
"""
