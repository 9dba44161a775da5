"""What the description says of one operation: what is sent, and every answer."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sijill.api.description.examples import refusal_examples
from sijill.api.description.headers import LIMITS, SPOKEN
from sijill.api.description.schemas import fault_schema
from sijill.api.description.wording import Json, Text
from sijill.errors import Invalid
from sijill.http.bodies import FORM

JSON = "application/json"

CONDITIONAL = Text(
    "مع `If-Match` لا يُكتب شيء إلا إن كان العميل كما قُرئ.",
    "With `If-Match` nothing is written unless the customer is still as it was read.",
)
"""What is said of a write that heeds `If-Match`."""


class Body(NamedTuple):
    """What one media type of an answer holds."""

    schema: Json
    examples: Callable[[str], Json] = lambda base: {}
    """From the server's address to OpenAPI examples."""


class Answer(NamedTuple):
    """An answer of one operation that it shares with no other."""

    text: Text
    content: Mapping[str, Body]
    """By media type."""
    headers: tuple[str, ...]
    optional: tuple[str, ...] = ()
    """Headers that only some of these answers carry."""


class Sent(NamedTuple):
    """The body of a request."""

    schema: str
    """The name of a row of `requests.REQUESTS`."""
    examples: Json
    """OpenAPI examples, their values as JSON has them."""
    required: bool = True
    media_types: tuple[str, ...] = (JSON, FORM)
    """A form is described with `name[]` for every list."""


class Operation(NamedTuple):
    """What the description says of one route."""

    id: str
    tag: str
    summary: Text
    description: Text
    answers: Mapping[int, Answer]
    parameters: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    """Beside those that every route of its kind has."""
    cached: bool = False
    """Whether it has a tag, and so a 304."""
    body: Sent | None = None
    """What is sent; None where a body means nothing."""


def invalid(text: Text, *faults: Invalid) -> Answer:
    """Return the 422 of an operation, with an example of each of the faults."""
    body = Body(fault_schema(faults[0]), lambda _: refusal_examples(faults))
    return Answer(text, {JSON: body}, (*SPOKEN, *LIMITS))
