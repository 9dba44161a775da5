"""
Code samples of an operation, made from the description: curl, PHP and JavaScript.

A sample is a complete program. It reads the access token from the variable SALLA_TOKEN, and that of
a control call from SIJILL_ADMIN_TOKEN.
"""

import shlex
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from sijill.description.literals import JAVASCRIPT, JSON, PHP, literal, php_text
from sijill.openapi import operation
from sijill.openapi.keys import Json

FILE = "customers.csv"
"""The file that a sample uploads."""

NO_CONTENT = "204"


class Sample(NamedTuple):
    """A program, or an address, in one language."""

    language: str
    """`curl`, `PHP` or `JavaScript`; "" for an address that is opened in a browser."""
    text: str


class Call(NamedTuple):
    """The request that a sample sends."""

    method: str
    url: str
    token: str
    """The variable with the token that the operation needs; "" for no token."""
    media_type: str
    """The type of the body; "" for no body."""
    body: Any
    """The fields of the body."""
    readable: bool
    """Whether the answer is JSON."""


def samples(path: str, method: str, shown: Json) -> list[Sample]:
    """
    Return the samples of an operation, as `page.operations` shows it.

    An operation that answers with a page has its address alone; an operation that the form of
    such a page sends, and which answers with a redirect, has no sample; neither has an operation
    that reads or answers bytes.
    """
    content = shown["answers"][shown["success"]].get("content", {})
    url = f"{shown['servers'][0]['url']}{_target(path, method, shown['parameters'])}"
    if operation.HTML in content:
        return [Sample("", url)]
    if not content and shown["success"] != NO_CONTENT:
        return []
    if operation.BINARY in (*content, *shown["sent"]):
        return []
    media_type, body = _body(shown["sent"])
    token = "SALLA_TOKEN" if shown["scopes"] else "SIJILL_ADMIN_TOKEN" if shown["needs"] else ""
    readable = any(one.endswith("json") for one in content)
    call = Call(method.upper(), url, token, media_type, body, readable)
    return [
        Sample("curl", curl(call)),
        Sample("PHP", php(call)),
        Sample("JavaScript", javascript(call)),
    ]


def _target(path: str, method: str, parameters: list[Json]) -> str:
    """
    Return the path and query of the sample, with the examples of the parameters.

    The query holds the parameters that are required. A request that writes has at least one, to
    name what it changes.
    """
    named = {one["name"]: quote(str(one["example"])) for one in parameters if one["in"] == "path"}
    in_query = [one for one in parameters if one["in"] == "query" and "example" in one]
    chosen = [one for one in in_query if one.get("required")]
    if not chosen and method != "get":
        chosen = in_query[:1]
    query = urlencode({one["name"]: one["example"] for one in chosen})
    return path.format_map(named) + (f"?{query}" if query else "")


def _body(sent: Json) -> tuple[str, Any]:
    """Return the preferred media type of a body, and the fields of its first example."""
    if not sent:
        return "", None
    media_type, content = next(iter(sent.items()))
    return media_type, next(iter(content["examples"].values()))["value"]


def curl(call: Call) -> str:
    """Return the call as a command line of curl."""
    parts = []
    if call.method != ("GET" if call.body is None else "POST"):
        parts.append(f"-X {call.method}")
    if call.token:
        parts.append(f'-H "Authorization: Bearer ${call.token}"')
    if call.media_type == operation.JSON:
        parts.append(f"-H {shlex.quote(f'Content-Type: {call.media_type}')}")
        parts.append(f"-d {shlex.quote(literal(call.body, JSON))}")
    if call.media_type == operation.FORM:
        fields = (f"{name}={text}" for name, text in call.body.items())
        parts += [f"--data-urlencode {shlex.quote(field)}" for field in fields]
    if call.media_type == operation.MULTIPART:
        parts += [f"-F {name}=@{FILE}" for name in call.body]
    return "curl " + " \\\n  ".join([*parts, shlex.quote(call.url)])


def php(call: Call) -> str:
    """Return the call as a program of PHP with its extension curl."""
    headers = [f"'Authorization: Bearer ' . getenv('{call.token}')"] if call.token else []
    if call.media_type == operation.JSON:
        headers.append(php_text(f"Content-Type: {call.media_type}"))
    options = ["CURLOPT_RETURNTRANSFER => true"]
    if call.method != "GET":
        options.append(f"CURLOPT_CUSTOMREQUEST => {php_text(call.method)}")
    if headers:
        lines = "".join(f"\n        {header}," for header in headers)
        options.append(f"CURLOPT_HTTPHEADER => [{lines}\n    ]")
    if call.media_type:
        options.append(f"CURLOPT_POSTFIELDS => {_php_body(call)}")
    listed = "".join(f"\n    {option}," for option in options)
    return (
        f"<?php\n$curl = curl_init({php_text(call.url)});\n"
        f"curl_setopt_array($curl, [{listed}\n]);\necho curl_exec($curl);"
    )


def _php_body(call: Call) -> str:
    if call.media_type == operation.MULTIPART:
        file = f"new CURLFile({php_text(FILE)})"
        return f"[{', '.join(f'{php_text(name)} => {file}' for name in call.body)}]"
    encode = "http_build_query" if call.media_type == operation.FORM else "json_encode"
    return f"{encode}({literal(call.body, PHP, '    ')})"


def javascript(call: Call) -> str:
    """Return the call as a module of JavaScript, for Node 20 and newer."""
    token = f"Authorization: `Bearer ${{process.env.{call.token}}}`"
    headers = [token] if call.token else []
    if call.media_type == operation.JSON:
        headers.append(f'"Content-Type": "{call.media_type}"')
    options = [f'method: "{call.method}"'] if call.method != "GET" else []
    if headers:
        lines = "".join(f"\n    {header}," for header in headers)
        options.append(f"headers: {{{lines}\n  }}")
    before, body = _javascript_body(call)
    if body:
        options.append(f"body: {body}")
    listed = "".join(f"\n  {option}," for option in options)
    more = f", {{{listed}\n}}" if options else ""
    read = "json" if call.readable else "text"
    return (
        f'{before}const answer = await fetch("{call.url}"{more});\n'
        f"console.log(answer.status, await answer.{read}());"
    )


def _javascript_body(call: Call) -> tuple[str, str]:
    """Return the lines before the request, and the expression of its body; "" for none."""
    if call.media_type == operation.MULTIPART:
        before = 'import { openAsBlob } from "node:fs";\n\nconst form = new FormData();\n'
        for name in call.body:
            before += f'form.append("{name}", await openAsBlob("{FILE}"), "{FILE}");\n'
        return before, "form"
    if call.media_type == operation.FORM:
        return "", f"new URLSearchParams({literal(call.body, JAVASCRIPT, '  ')})"
    if call.media_type:
        return "", f"JSON.stringify({literal(call.body, JAVASCRIPT, '  ')})"
    return "", ""
