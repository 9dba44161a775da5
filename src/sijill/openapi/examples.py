"""Example bodies, made by the code that makes answers: examples equal real answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import json

from sijill.errors import Fault
from sijill.http.envelope import listing, pagination, success
from sijill.http.errors import refusal
from sijill.http.query import Paging
from sijill.localized import Language, Localized
from sijill.openapi.keys import Json
from sijill.openapi.operation import Answer, Envelope, answer


def example(text: Localized, raw: bytes) -> Json:
    """Return a single example, from its bytes."""
    return one_example(text, json.decode(raw))


def one_example(text: Localized, value: Json) -> Json:
    """Return a single example, from its JSON."""
    return {"documented": {"summary": text, "value": value}}


def success_answer(text: Localized, kind: Any, data: Any, status: int = 200) -> dict[int, Answer]:
    """
    Return the answer of a success under its status, with an example.

    `data` is a `kind`, or the function that returns one when the description is asked for.
    """

    def examples(_: str) -> Json:
        return example(text, success(data() if callable(data) else data, status))

    return {status: answer(text, Envelope(kind, status), examples)}


def in_both(name: str, text: Localized, bodies: dict[Language, bytes]) -> Json:
    """Return an example in each language, from the bytes of each."""
    return {
        f"{name}_{language}": {"summary": text, "value": json.decode(raw)}
        for language, raw in bodies.items()
    }


def page_example(
    text: Localized,
    address: str,
    rows: Sequence[Any],
    total: int,
    per_page: int,
    *,
    no_links: Any = (),
) -> Json:
    """Return the first page of a list as an example; `address` is the list's absolute URL."""
    numbers = pagination(
        count=len(rows),
        total=total,
        paging=Paging(1, per_page),
        address=address,
        pairs=[("per_page", str(per_page))],
        no_links=no_links,
    )
    return example(text, listing([*rows], numbers))


def refusal_examples(faults: Iterable[Fault]) -> Json:
    """Return the bodies of faults: in both languages, or once where the text is fixed."""
    examples: Json = {}
    seen: Counter[str] = Counter()
    for fault in faults:
        seen[fault.code] += 1
        name = fault.code if seen[fault.code] == 1 else f"{fault.code}_{seen[fault.code]}"
        languages: Iterable[Language | None] = (
            ("ar", "en") if refusal(fault, "en").language else (None,)
        )
        for language in languages:
            value = json.decode(refusal(fault, language or "en").body)
            examples[f"{name}_{language}" if language else name] = {"value": value}
    return examples
