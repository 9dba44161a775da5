"""Requests made up from the server's own description; each follows from a seed and its number."""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode

from fixtures.uploads import MULTIPART, form, part, workbook

from sijill.openapi.operation import FORM, JSON

Json = dict[str, Any]

TEXTS = [
    *("", " ", "0", "-1", "1e9", "5.0", "null", "true", "[]", "{}", "male", "plus", "a", "a" * 300),
    *("0501234567", "+966 50 123 4567", "٠٥٠١٢٣٤٥٦٧", "971501234567", "966", "+97497433123456"),
    *("a@x.com", "mailto:a@x.com", "a@bücher.example", "x@" + "a" * 260, "@", "a@b@c"),
    *("1990-03-15", "١٩٩٠/٠٣/١٥", "0001-01-01", "9999-12-31", "1410-01-01", "2026-02-30"),
    *("أحمد", "عبد الله", "IŞIK", "\u200e", "\u202e", "\u2800", "e\u0301" * 40, "\ud7ff\U0001f600"),
    *("\0", "\r\n", "\t", "\x7f", "\ufffe", "'", '"', "\\", "%", "%00", "%zz", "*", "()", "-- ;"),
    *("18446744073709551616", "9" * 400, "2075683582", "11323141", "SA", "SAR", "customer.created"),
    *("gender = male AND city != Riyadh", "((((((((", "http://localhost/", "https://x.example/ "),
]
"""What people, spreadsheets and attackers send; every kind that a field reads is among them."""

NUMBERS = [0, 1, -1, 2, 0.5, 1e300, -1e-300, 2**31, 2**53, 2**63, 2**64, 10**30, 501234567, 32947.0]
IDS = [
    "2075683582",
    "1",
    "0",
    "007",
    "abc",
    "%D9%A1",
    "%00",
    "..",
    "%2F",
    "9" * 25,
    "-5",
    "\xd9\xa1",
]
HEADERS: dict[str, list[str]] = {
    "Accept-Language": ["en", "ar", "en;q=0,ar", "*", ";;;q=", "x" * 200],
    "If-Match": ["*", '"x"', 'W/"x"', ",,,"],
    "If-None-Match": ["*", '"x"', 'W/"x", "y"', '"'],
    "Idempotency-Key": ["k1", "k2", " ", "\xe9", "a" * 256],
    "Accept": ["text/html", "application/json", "*/*;q=0", "\xff"],
    "Cookie": ["a=b", "__Host-sijill_session=x", ";;=;", "=" * 300],
    "Origin": ["null", "https://evil.example"],
    "X-Forwarded-For": ["1.2.3.4, x", "::", ","],
    "X-Request-Id": ["r-1", "a b", "\xe9" * 80],
    "Authorization": ["Bearer x", "Basic Og==", "Basic %%%", "bearer", "Bearer \xe9", "Digest a"],
}
TYPES = [
    JSON,
    FORM,
    MULTIPART,
    "",
    "text/plain",
    "multipart/form-data",
    "application/json;x",
    "\xff",
]


UPLOAD = "/import"
METHODS = ("get", "head", "post", "put", "delete")


class Operation(NamedTuple):
    """An operation of the description: what it may be asked with."""

    method: str
    path: str
    parameters: list[str]
    fields: list[str]
    is_control: bool
    """Whether it is a call of the control API, which takes a token of its own."""


class Made(NamedTuple):
    """A request, and its shape: what may be told of it, without any of its values."""

    data: bytes
    method: str
    path: str
    shape: str


def operations(description: Json) -> list[Operation]:
    """Return the operations of a description that end by themselves."""
    known = description["components"]
    found = []
    for path, methods in description["paths"].items():
        for method in filter(methods.__contains__, METHODS):
            operation = methods[method]
            parameters = [_at(known, one)["name"] for one in operation.get("parameters", ())]
            content = operation.get("requestBody", {}).get("content", {})
            fields: dict[str, None] = {}
            for one in content.values():
                fields |= dict.fromkeys(_at(known, one["schema"]).get("properties", ()))
            control = any("admin" in need for need in operation["security"])
            found.append(Operation(method.upper(), path, parameters, [*fields], control))
    return found


def _at(known: Json, one: Json) -> Json:
    """Return what a reference into the components names."""
    if "$ref" not in one:
        return one
    kind, name = one["$ref"].split("/")[2:]
    found: Json = known[kind][name]
    return found


def made(seed: int, number: int, known: list[Operation], token: str, admin_token: str = "") -> Made:
    """Return the request with this number."""
    draw = Random(f"{seed}:{number}")
    operation = known[number % len(known)]
    if operation.path.endswith(UPLOAD) and number >= len(known) and draw.random() < 0.9:
        operation = draw.choice(known)  # a file is read by a process of its own, one at a time
    method = operation.method if draw.random() < 0.95 else draw.choice(["GET", "PUT", "PATCH"])
    segments = [draw.choice(IDS) if "{" in s else s for s in operation.path.split("/")]
    query = _query(draw, operation.parameters)
    headers = {"Host": "x", "Authorization": f"Bearer {token}"}
    if operation.is_control:
        headers = {"Host": "localhost", "Authorization": f"Bearer {admin_token}"}
    for name in draw.sample([*HEADERS], draw.choice([0, 0, 1, 2, 3])):
        if name != "Authorization" or draw.random() < 0.2:
            headers[name] = draw.choice(HEADERS[name])
    kind, body = _body(draw, operation)
    if method in ("GET", "HEAD") and draw.random() < 0.9:
        body = None
    if body is not None:
        headers |= {"Content-Type": kind, "Content-Length": str(len(body))}
    target = "/".join(segments) + (f"?{query}" if query else "")
    lines = [f"{method} {target} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items()), "", ""]
    head = "\r\n".join(lines).encode("latin-1")
    sent = f"{len(body)} bytes of {kind!a}" if body is not None else "no body"
    shape = f"{method} {operation.path}, query of {len(query)}, headers {[*headers]}, {sent}"
    return Made(head + (body or b""), method, operation.path, shape)


def _query(draw: Random, names: list[str]) -> str:
    """Return a query as Latin-1 text: percent-encoded, in part, or as raw UTF-8."""
    if draw.random() < 0.4:
        return ""
    names = [*names, "keyword", "page", "per_page", "fields[]", "x"]
    pairs = [(draw.choice(names), draw.choice(TEXTS)) for _ in range(draw.randint(1, 4))]
    match draw.randrange(3):
        case 0:
            return urlencode(pairs, errors="replace")
        case 1:
            raw = "&".join(f"{name}={value}" for name, value in pairs)
            visible = (c for c in raw if c > " " and c not in "#\x7f")
            return "".join(visible).encode(errors="replace").decode("latin-1")
    return "".join(draw.choice("&=%[]+;.0aأ?") for _ in range(20)).encode().decode("latin-1")


def _value(draw: Random, depth: int = 0) -> Any:
    kind = draw.random()
    if kind < 0.6:
        return draw.choice(TEXTS)
    if kind < 0.8:
        return draw.choice(NUMBERS)
    if kind < 0.9 or depth > 3:
        return draw.choice([None, True, False, "2075683582", 11323141])
    some = [_value(draw, depth + 1) for _ in range(draw.randint(0, 4))]
    if kind < 0.95:
        return some
    keys = ["type", "symbol", "value", "key", "date", "min_value", "", "x"]
    return {draw.choice(keys): one for one in some}


def _fields(draw: Random, names: list[str]) -> Json:
    names = [*names, "email", "x", "x[y]"]
    return {name: _value(draw) for name in draw.sample(names, draw.randint(0, len(names)))}


def _body(draw: Random, operation: Operation) -> tuple[str, bytes | None]:
    """Return a type and a body, mostly of this type; some are cut or have a byte changed."""
    kind = draw.choice([JSON, FORM, MULTIPART])
    if operation.path.endswith(UPLOAD):
        kind, body = MULTIPART, form(part(_file(draw)))
    else:
        body = _WRITTEN[kind](_fields(draw, operation.fields))
    chance = draw.random()
    if chance < 0.05:
        return draw.choice(TYPES), body
    if chance < 0.1:
        return kind, body[: draw.randint(0, len(body))]
    if chance < 0.15 and body:
        place = draw.randrange(len(body))
        return kind, body[:place] + draw.randbytes(1) + body[place + 1 :]
    if chance < 0.18:
        return kind, draw.randbytes(draw.randint(0, 300))
    return kind, body


def _file(draw: Random) -> bytes:
    columns = ["email", "mobile", "mobile_code", "birthday", "first_name", "id", "groups"]
    cells = [[draw.choice(TEXTS)[:200] for _ in columns] for _ in range(draw.randint(0, 5))]
    if draw.random() < 0.3:
        return workbook(columns, *cells, strings_to_urls=False)
    return "\r\n".join(",".join(f'"{c}"' for c in row) for row in [columns, *cells]).encode(
        errors="replace"
    )


def _json(fields: Json) -> bytes:
    return json.dumps(fields, ensure_ascii=len(fields) % 2 == 0).encode(errors="replace")


def _urlencoded(fields: Json) -> bytes:
    pairs = ((quote_plus(name), quote_plus(text)) for name, text in _texts(fields))
    return "&".join(f"{name}={text}" for name, text in pairs).encode()


def _multipart(fields: Json) -> bytes:
    return form(*(part(text.encode(errors="replace"), n, None) for n, text in _texts(fields)))


def _texts(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields as a form has them; a list is `name[]`, once for each member."""
    pairs = []
    for name, value in fields.items():
        for item in value if isinstance(value, list) else [value]:
            pairs.append((f"{name}[]" if isinstance(value, list) else name, str(item)))
    return pairs


_WRITTEN: dict[str, Callable[[Json], bytes]] = {
    JSON: _json,
    FORM: _urlencoded,
    MULTIPART: _multipart,
}
