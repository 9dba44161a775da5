"""A mobile number in any usual spelling, as the calling code and the national number."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

_SPELLING = re.compile(r"\+?[0-9( ][0-9 ()-]*", re.ASCII)
_NATIONAL = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_CODE = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


class Mobile(NamedTuple):
    """A mobile: the calling code in digits alone, the national number without leading zero."""

    code: str
    number: int


def parse_mobile(text: str | int, code: str | None, region: str = "SA") -> Mobile:
    """
    Return the mobile that `text` spells: `0501234567`, `٠٥٠ ١٢٣ ٤٥٦٧`, `+966501234567`, `00966…`.

    `code` is its calling code if that is known, as `966`, `+966` or `00966`; without one, a number
    that is not in international form is read as one of `region` (ISO 3166). The result read again
    is the same.
    Raises: ValueError with a short sentence that never repeats the number, where the spelling, the
    calling code, or the length (by libphonenumber) cannot be.
    """
    spelling = _plain(str(text))
    if not _SPELLING.fullmatch(spelling):
        raise ValueError("has characters that no mobile number has")
    calling_code = parse_code(code) if code else None
    if calling_code and _NATIONAL.fullmatch(spelling):
        # A national number parsed before stays as it is: its first digits may look like a prefix.
        mobile = Mobile(calling_code, int(spelling))
        if _is_possible(mobile):
            return mobile
    mobile = _parse(spelling, calling_code, region)
    if calling_code and mobile.code != calling_code:
        raise ValueError("has another calling code than the one given")
    return mobile


def parse_code(code: str) -> str:
    """
    Return a calling code in digits alone: `+966`, `00966` and `٩٦٦` are `966`.

    Raises: ValueError with a short sentence if it has not the shape of one.
    """
    digits = _plain(code).removeprefix("+")
    if not _CODE.fullmatch(digits):
        raise ValueError("has a calling code that is not one to three digits")
    return digits


def _plain(text: str) -> str:
    """
    Return ASCII digits, `+` and `-` for those of any script, and `+` for a leading 00.

    Invisible marks are dropped: numbers copied from Arabic text bring them along.
    """
    plain = "".join(_PLAIN.get(unicodedata.category(c), _same)(c) for c in text).strip()
    return "+" + plain[2:] if plain.startswith("00") else plain


def _same(character: str) -> str:
    return "+" if character == "＋" else character


_PLAIN: dict[str, Callable[[str], str]] = {
    "Nd": lambda c: str(unicodedata.decimal(c)),
    "Pd": lambda _: "-",
    "Zs": lambda _: " ",
    "Cf": lambda _: "",
}
"""Unicode category to how such a character is written in ASCII."""


def _parse(spelling: str, code: str | None, region: str) -> Mobile:
    # Its tables are loaded with the first number: a server that only reads never needs them.
    import phonenumbers

    if code:
        region = phonenumbers.region_code_for_country_code(int(code))
    try:
        parsed = phonenumbers.parse(spelling, region)
    except phonenumbers.NumberParseException:
        raise ValueError("is not a phone number") from None
    mobile = Mobile(str(parsed.country_code), parsed.national_number or 0)
    if parsed.italian_leading_zero:
        raise ValueError("begins with a zero that would be lost")
    if not _is_possible(mobile):
        raise ValueError("has too few or too many digits for its country")
    return mobile


def _is_possible(mobile: Mobile) -> bool:
    import phonenumbers

    number = phonenumbers.PhoneNumber(country_code=int(mobile.code), national_number=mobile.number)
    return phonenumbers.is_possible_number(number)
