"""
Texts that are the same for everybody, compressed once and answered in the coding a client takes.

They hold no secret. An answer with one is never compressed: where a client can put text beside a
secret, the length of the compressed answer tells the secret letter by letter. The answers of the
API stay as they are, byte for byte.
"""

import gzip
import re
from functools import lru_cache
from typing import NamedTuple

from sijill.http.caching import entity_tag, tagged
from sijill.http.request import Headers, Request, Response

VARY = b"Accept-Encoding"

_REMEMBERED = 16
"""Texts that are compressed no second time: two pages, the description, the files of pages."""

_WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


class Coded(NamedTuple):
    """A text and its compressed form, each with a strong tag of its own bytes."""

    plain: bytes
    tag: str
    packed: bytes
    packed_tag: str


@lru_cache(maxsize=_REMEMBERED)
def coded(text: bytes) -> Coded:
    """Return a text in both forms. The first call takes 20 ms for 500 KB."""
    packed = gzip.compress(text, 9, mtime=0)
    return Coded(text, entity_tag(text), packed, entity_tag(packed))


def negotiated(request: Request, text: Coded, media_type: bytes, headers: Headers) -> Response:
    """
    Return a text in the coding that a client prefers, or the 304 of that form.

    `headers` stand on both, but for `Vary`, which is made of their own and of `Accept-Encoding`.
    """
    always = _varying(headers)
    if not takes_gzip(request.header(b"accept-encoding")):
        return tagged(request, text.plain, media_type, always, text.tag)
    answer = tagged(request, text.packed, media_type, always, text.packed_tag)
    if answer.status == 304:
        return answer
    return answer._replace(headers=[*answer.headers, (b"content-encoding", b"gzip")])


def takes_gzip(accepted: str | None) -> bool:
    """
    Return whether `Accept-Encoding` lets an answer be compressed, and likes that no less.

    Without the header, or where it names nothing that there is, the answer is not compressed: a
    program that does not ask for it often cannot read it. Source: RFC 9110 §12.5.3.
    """
    weights = dict(_weight(item) for item in (accepted or "").lower().split(","))
    others = weights.get("*", 0.0)
    packed = weights.get("gzip", weights.get("x-gzip", others))
    return packed > 0 and packed >= weights.get("identity", 0.0)


def _weight(item: str) -> tuple[str, float]:
    """Return a coding and its weight; a malformed weight excludes the coding."""
    name, *parameters = (part.strip() for part in item.split(";"))
    if not parameters:
        return name, 1.0
    found = _WEIGHT.fullmatch(parameters[0])
    return name, float(found[1]) if found and len(parameters) == 1 else 0.0


def _varying(headers: Headers) -> Headers:
    own = [value for name, value in headers if name == b"vary"]
    others = [header for header in headers if header[0] != b"vary"]
    return [*others, (b"vary", b", ".join([*own, VARY]))]
