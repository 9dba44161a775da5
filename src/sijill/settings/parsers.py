"""Parsers of settings; the sentence of a ValueError says how to write the setting."""

import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from sijill.database.sealing import parse_keys
from sijill.limits.policy import Quota, parse_quota
from sijill.values.urls import canonical_host, origin_of

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DNS_NAME = rf"({_LABEL}\.)*(?![0-9]+$){_LABEL}"  # digits alone at the end make an IPv4 address
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}

T = TypeVar("T")


class Parser(Struct, Generic[T], frozen=True):
    """A function that reads a text, and the notation of the texts that it takes."""

    read: Callable[[str], T]
    notation: str
    """The word for such a text in help, for example `DURATION`."""
    names: tuple[str, ...] = ()
    """The permitted texts, if there are only a few."""
    bounds: str = ""
    """The permitted numbers, for example `0 to 65535`."""

    def __call__(self, value: str) -> T:
        """Return the value of a text. Raises: ValueError with a sentence."""
        return self.read(value)


def written(
    notation: str, *names: str, bounds: str = ""
) -> Callable[[Callable[[str], T]], Parser[T]]:
    """Return a decorator that makes a parser of a function."""
    return lambda read: Parser(read, notation, names, bounds)


@written("TEXT")
def text(value: str) -> str:
    """Return text as it is."""
    return value


PATH, HOST = (replace(text, notation=word) for word in ("PATH", "HOST"))


def whole(least: int, most: int) -> Parser[int]:
    """Return a parser of whole numbers from `least` to `most`."""

    @written("NUMBER", bounds=f"{least} to {most}")
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,19}", value, re.ASCII) or not least <= int(value) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(value)

    return parse


def seconds(least: float, most: float) -> Parser[float]:
    """Return a parser of seconds from `least` to `most`."""

    @written("SECONDS", bounds=f"{least:g} to {most:g}")
    def parse(value: str) -> float:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", value, re.ASCII):
            raise ValueError("write seconds, for example 10 or 0.5")
        if not least <= float(value) <= most:
            raise ValueError(f"write seconds from {least:g} to {most:g}")
        return float(value)

    return parse


@written("DURATION")
def lifetime(value: str) -> timedelta:
    """Return a lifetime written as `14d`, `12h` or `30m`."""
    match = re.fullmatch(r"([1-9][0-9]{0,4})([smhdw])", value, re.ASCII)
    if match is None:
        raise ValueError("write a lifetime as a number and s, m, h, d or w, for example 14d")
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def one_of(*names: str) -> Parser[Any]:
    """Return a parser that takes one of `names`."""

    @written("NAME", *names)
    def parse(value: str) -> str:
        if value not in names:
            raise ValueError(f"write one of: {', '.join(names)}")
        return value

    return parse


@written("SWITCH", "on", "off")
def switch(value: str) -> bool:
    """Return whether a switch is on."""
    states = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
    if value.lower() not in states:
        raise ValueError("write on or off")
    return states[value.lower()]


@written("N/PERIOD|off")
def quota(value: str) -> Quota | None:
    """Return a quota, None for `off`."""
    return parse_quota(value)


@written("URL")
def address(value: str) -> str:
    """Return a base URL without its last slash; "" stays as it is."""
    if value:
        origin_of(value)
    if "?" in value or "#" in value:
        raise ValueError("write an address without a query or a fragment")
    return value.rstrip("/")


@written("NETWORKS")
def networks(value: str) -> str:
    """Return a comma-separated list of addresses and networks, each of them checked."""
    for item in filter(None, (part.strip() for part in value.split(","))):
        ip_network(item, strict=False)  # its ValueError is a sentence of its own
    return value


@written("NAMES")
def dns_names(value: str) -> tuple[str, ...]:
    """Return the DNS names of a comma-separated list, in lower case, each of them once."""
    names = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",")))
    for name in names:
        if not _is_dns_name(name):
            raise ValueError("write DNS names separated by commas, for example api.salla.dev")
    return names


@written("NAMES")
def host_names(value: str) -> tuple[str, ...]:
    """Return the DNS names and IP addresses of a comma-separated list as requests have them."""
    names = tuple(filter(None, (canonical_host(part.strip()) for part in value.split(","))))
    for name in names:
        if not _is_address(name) and not _is_dns_name(name):
            raise ValueError("write names without ports, separated by commas: sandbox,10.0.0.7")
    return names


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_dns_name(name: str) -> bool:
    return len(name) <= 253 and bool(re.fullmatch(_DNS_NAME, name, re.ASCII))


@written("KEYS")
def sealing_keys(value: str) -> str:
    """Return keys of 32 bytes in base64, or "" for the keys in a file beside the data."""
    if value:
        parse_keys(value)
    return value


@written("TOKEN")
def chosen_token(value: str) -> str:
    """Return a token or secret for the demo; "" lets the demo make one."""
    if value and not re.fullmatch(r"[\x21-\x7e]{16,}", value, re.ASCII):
        raise ValueError("write 16 or more visible ASCII characters, without spaces")
    return value
