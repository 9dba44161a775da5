"""Comparison of a copy with its original, by names of keys: no value is ever told."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from sijill.mirror.answers.headers import age_of
from sijill.mirror.body import read_details
from sijill.mirror.model import MirrorRow, Misshapen, Reply

OK, NOT_FOUND = 200, 404


class Comparison(NamedTuple):
    """What a customer of the copy lacks, or has otherwise than upstream."""

    id: int
    age_seconds: int
    """How old the copy was when it was compared."""
    differs: list[str]
    """Names of keys, or a word in parentheses for the whole customer."""


def compare(row: MirrorRow, reply: Reply, now: float) -> Comparison:
    """
    Return how a customer differs from upstream's answer to Customer Details.

    `now` is in UTC epoch seconds. Raises: Misshapen for an answer that tells nothing.
    """
    age = int(age_of(row.confirmed_at, now))
    is_here = row.state == "live" and row.body is not None
    if reply.status == NOT_FOUND:
        return Comparison(row.id, age, ["(gone upstream)"] if is_here else [])
    if reply.status != OK:
        raise Misshapen(f"status_{reply.status}")
    theirs = read_details(reply.body)
    if row.body is None or not is_here:
        return Comparison(row.id, age, ["(missing here)"])
    return Comparison(row.id, age, different_keys(row.body, theirs))


def different_keys(ours: bytes, theirs: bytes) -> list[str]:
    """Return the keys of two JSON objects whose values are not the same. Raises: Misshapen."""
    try:
        one, other = _decode(ours), _decode(theirs)
    except msgspec.DecodeError as fault:
        raise Misshapen("customer") from fault
    names = {**one, **other}
    return [name for name in names if one.get(name, _ABSENT) != other.get(name, _ABSENT)]


_ABSENT = object()
_decode: Callable[[bytes], dict[str, object]] = msgspec.json.Decoder(dict[str, object]).decode
