"""A mobile number in any usual spelling, as the calling code and the national number."""

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from sijill.values.texts import without_point

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_SPELLING = re.compile(r"\(?\+?[0-9( ][0-9 ()./-]*", re.ASCII)
_FRACTION = re.compile(r"[0-9]+\.[0-9]{1,2}", re.ASCII)
_SEPARATORS = re.compile(r"[ ()./-]")
_NATIONAL = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_CODE = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)

_NO_REGION = "001"
"""libphonenumber's region of the calling codes that no country has: satellites, for example."""


class Mobile(NamedTuple):
    """A mobile: the calling code in digits alone, the national number without leading zero."""

    code: str
    number: int


def parse_mobile(text: str | int, code: str | None, region: str = "SA") -> Mobile:
    """
    Return the mobile that `text` spells: `0501234567`, `٠٥٠ ١٢٣ ٤٥٦٧`, `+966501234567`, `00966…`.

    `code` is its calling code if that is known, as `966`, `+966` or `00966`; the number may have
    it, too. Without `code`, a number that is not in international form is one of `region`
    (ISO 3166). The result read again is the same.
    Raises: ValueError with a short sentence that never repeats the number, where the spelling, the
    calling code, or the length (by libphonenumber) cannot be.
    """
    digits = _digits(str(text))
    calling_code = parse_code(code) if code else None
    if calling_code and _NATIONAL.fullmatch(digits):
        # A number of a possible length is national: its first digits may only look like a prefix.
        mobile = Mobile(calling_code, int(digits))
        if _is_possible(mobile):
            return _without_prefix(mobile)
    mobile = _parse(digits, calling_code, region)
    if calling_code and mobile.code != calling_code:
        raise ValueError("has another calling code than the one given")
    return _without_prefix(mobile)


def parse_code(code: str) -> str:
    """
    Return a calling code in digits alone: `+966`, `00966` and `٩٦٦` are `966`.

    Raises: ValueError with a short sentence if it has not the shape of one.
    """
    digits = _international(_plain(code)).removeprefix("+")
    if not _CODE.fullmatch(digits):
        raise ValueError("has a calling code that is not one to three digits")
    return digits


def _digits(text: str) -> str:
    """Return the digits of a spelling, behind `+` in international form. Raises: ValueError."""
    spelling = _plain(text)
    if spelling[:4].lower() == "tel:":  # RFC 3966
        spelling = spelling[4:]
    if spelling.endswith("+"):  # the sign moves behind when the text is copied right to left
        spelling = "+" + spelling[:-1]
    if not _SPELLING.fullmatch(spelling) or _FRACTION.fullmatch(spelling):
        raise ValueError("has characters that no mobile number has")
    return _international(_SEPARATORS.sub("", spelling))


def _international(digits: str) -> str:
    return "+" + digits[2:] if digits.startswith("00") else digits


def _plain(text: str) -> str:
    """
    Return ASCII digits, `+` and `-` for those of any script.

    Invisible marks are dropped: numbers copied from Arabic text bring them along.
    """
    plain = "".join(_PLAIN.get(unicodedata.category(c), _same)(c) for c in text)
    return without_point(plain.strip())


def _same(character: str) -> str:
    return "+" if character == "＋" else character


_PLAIN: dict[str, Callable[[str], str]] = {
    "Nd": lambda c: str(unicodedata.decimal(c)),
    "Pd": lambda _: "-",
    "Zs": lambda _: " ",
    "Cf": lambda _: "",
}
"""Unicode category to how such a character is written in ASCII."""


def _parse(digits: str, code: str | None, region: str) -> Mobile:
    # Its tables are loaded with the first number: a server that only reads never needs them.
    import phonenumbers

    if code:
        region = phonenumbers.region_code_for_country_code(int(code))
        if region == _NO_REGION and not digits.startswith("+"):
            try:
                return _parse(f"+{code}{digits}", None, region)
            except ValueError:
                digits = f"+{digits}"  # perhaps it has the code in it
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        raise ValueError("is not a phone number") from None
    mobile = Mobile(str(parsed.country_code), parsed.national_number or 0)
    if parsed.italian_leading_zero:
        raise ValueError("begins with a zero that would be lost")
    if not _is_possible(mobile):
        raise ValueError("has too few or too many digits for its country")
    return mobile


def _without_prefix(mobile: Mobile) -> Mobile:
    """
    Return the mobile without a calling code or trunk prefix that its number repeats.

    The prefix goes only if the rest is the likelier mobile: there are mobiles in use that
    libphonenumber does not know, so a number as it stands need not be one.
    """
    likelihood = _likelihood(mobile)
    if likelihood < _MOST_LIKELY:
        for spelling in (f"{mobile.number}", f"+{mobile.number}"):
            try:
                rest = _parse(spelling, mobile.code, "")
            except ValueError:
                continue
            if rest.code == mobile.code and _likelihood(rest) > likelihood:
                return _without_prefix(rest)
    return mobile


_MOST_LIKELY = 2


def _likelihood(mobile: Mobile) -> int:
    """Return 2 for a mobile by libphonenumber, 1 for any other valid number, else 0."""
    from phonenumbers import PhoneNumberType, number_type

    kind = number_type(_phone_number(mobile))
    if kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE):
        return _MOST_LIKELY
    return int(kind != PhoneNumberType.UNKNOWN)


def _is_possible(mobile: Mobile) -> bool:
    """Return whether a number of this length can be dialled from abroad."""
    import phonenumbers

    reason = phonenumbers.is_possible_number_with_reason(_phone_number(mobile))
    return bool(reason == phonenumbers.ValidationResult.IS_POSSIBLE)


def _phone_number(mobile: Mobile) -> "PhoneNumber":
    from phonenumbers import PhoneNumber

    return PhoneNumber(country_code=int(mobile.code), national_number=mobile.number)
