"""The countries there are: ids, codes, capitals. Salla's documented ones, then every other."""

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
    """One country; `capital` is "" where it is not known, `calling_code` digits alone."""

    id: int
    code: str
    calling_code: str
    capital: str


@lru_cache(maxsize=1)
def countries() -> Mapping[int, Country]:
    """
    Return every country by id: the documented ones first, then the others by code.

    Source: libphonenumber for which there are and their calling codes.
    """
    # Its tables are loaded when the list is first asked for: a server that only reads needs none.
    from phonenumbers import SUPPORTED_REGIONS

    others = sorted(SUPPORTED_REGIONS - _DOCUMENTED.keys() - _NO_COUNTRIES)
    return {made.id: made for made in map(_country, [*_DOCUMENTED, *others])}


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """Return the ISO 3166 code of every country."""
    return frozenset(country.code for country in countries().values())


def _country(code: str) -> Country:
    from phonenumbers import country_code_for_region

    number, capital = _DOCUMENTED.get(code, (_derived_id(code), ""))
    return Country(number, code, str(country_code_for_region(code)), capital)


def _derived_id(code: str) -> int:
    """Return an id of 31 bits that is the country's own for ever; a test finds collisions."""
    return int.from_bytes(blake2b(code.encode("ascii"), digest_size=4).digest(), "big") >> 1
