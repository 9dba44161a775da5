"""Money as whole numbers of a currency's smallest unit: halalas of the riyal, fils of the dinar."""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

MOST_MINOR = 10**18
"""The largest amount, in smallest units; a larger imported balance counts as this amount."""


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    """
    Return how many decimals a currency has: 2 for SAR, 3 for KWD, 0 for JPY, 2 if it is unknown.

    Source: Unicode CLDR, by Babel.
    """
    from babel.numbers import get_currency_precision  # half a megabyte: loaded when first needed

    return get_currency_precision(currency)


def to_minor(amount: float, digits: int) -> int:
    """Return an amount in smallest units, rounded half to even and held within MOST_MINOR."""
    exact = Decimal(repr(amount)).scaleb(digits)
    rounded = int(exact.to_integral_value(ROUND_HALF_EVEN))
    return max(-MOST_MINOR, min(rounded, MOST_MINOR))


def to_major(minor: int, digits: int) -> float:
    """Return smallest units as the nearest number, a whole amount as an integer."""
    unit: int = 10**digits
    whole, rest = divmod(minor, unit)
    return minor / unit if rest else whole
